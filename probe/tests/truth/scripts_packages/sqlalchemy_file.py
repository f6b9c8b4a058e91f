from sqlalchemy import create_engine, text

engine = create_engine("sqlite:///orm.sqlite")
with engine.begin() as connection:
    connection.execute(text("create table t(a)"))
    connection.execute(text("insert into t values(:a)"), [{"a": 1}, {"a": 2}])
    print(connection.execute(text("select * from t")).fetchall())
