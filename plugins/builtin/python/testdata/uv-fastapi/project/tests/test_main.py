from app.main import app


def test_app():
    assert app
