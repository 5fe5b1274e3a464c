"""The frame of a municipality's workspace: today, search, leader's page, page help, all fed by the contract."""
