"""The changes that a deployment of one context reports."""

from takeaway.run.deploy.differences import told

FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {"FunctionName": "takeaway-dev-promotions-issue-voucher", "Code": {"S3Key": "a"}, "Timeout": 30},
}
QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "takeaway-dev-promotions-orders"}}


def template(settings: dict[str, str] | None = None, **resources: object) -> dict[str, object]:
    return {"Metadata": {"Settings": settings or {}}, "Resources": resources}


def test_a_setting_is_told_by_its_values() -> None:
    before = template({"MXN": "10 %", "USD": "10 %", "GBP": "10 %"})
    after = template({"MXN": "15 %", "USD": "10 %", "CHF": "5 %"})
    assert list(told(before, after)) == ["MXN 10 % → 15 %", "CHF: 5 %, new", "GBP: 10 %, gone"]


def test_a_stack_that_says_nothing_of_its_settings_is_told_by_its_resources() -> None:
    assert list(told({"Resources": {}}, {"Resources": {"Q": QUEUE}})) == [
        "SQS Queue takeaway-dev-promotions-orders added"
    ]


def test_new_code_is_told_apart_from_another_configuration() -> None:
    code = FUNCTION | {"Properties": FUNCTION["Properties"] | {"Code": {"S3Key": "b"}}}
    both = FUNCTION | {"Properties": FUNCTION["Properties"] | {"Code": {"S3Key": "b"}, "Timeout": 60}}
    name = "Lambda Function takeaway-dev-promotions-issue-voucher"
    assert list(told(template(F=FUNCTION), template(F=code))) == [f"{name}: other code"]
    assert list(told(template(F=FUNCTION), template(F=both))) == [f"{name}: Code, Timeout"]


def test_what_comes_and_what_goes_is_named() -> None:
    nameless = {"Type": "AWS::IAM::Policy"}
    assert list(told(template(Q=QUEUE), template(P=nameless))) == [
        "IAM Policy P added",
        "SQS Queue takeaway-dev-promotions-orders removed",
    ]


def test_what_is_as_it_was_is_not_told() -> None:
    assert list(told(template({"MXN": "10 %"}, F=FUNCTION), template({"MXN": "10 %"}, F=FUNCTION))) == []
