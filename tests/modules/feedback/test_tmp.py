from tests.house.crawl import counted_statements
from tests.modules.feedback.test_course import pages, measured_course
def test_x(app, town):
    c=town.client(); course_id,_=measured_course(town,[100,None])
    for p in pages(town, course_id):
        c.get(p)
        with counted_statements(app) as s: c.get(p)
        print(len(s))
        for x in s: print("  ", " ".join(x.split())[:150])
def test_y(app, town):
    from modules.feedback.figures import figures
    from modules.feedback.queries import summarise_ended
    from hjelpa.core.isolation import tenant_scope
    with app.test_request_context(), tenant_scope(town.tenant_id):
        print(figures())
