# The same calls, good and bad, to whatever answers at AWS_ENDPOINT_URL; prints what each came to: "ok" or the error code.
import json

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

# IAM's own rules are to answer, not botocore's; and each call is made once.
config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
iam = boto3.client("iam", region_name="us-east-1", config=config)
sts = boto3.client("sts", region_name="us-east-1", config=config)
outcomes = []


def call(name, operation, client=iam, **parameters):
    try:
        answer = getattr(client, operation)(**parameters)
        outcomes.append([name, "ok"])
        return answer
    except ClientError as error:
        outcomes.append([name, error.response["Error"]["Code"]])
    except ResponseParserError:
        outcomes.append([name, "no answer of IAM's"])
    return {}


def quietly(operation, **parameters):
    """Prepares a case; whether that worked shows in the case."""
    try:
        return getattr(iam, operation)(**parameters)
    except (ClientError, ResponseParserError):
        return {}


ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
VIEW = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
ROLE = "arn:aws:iam::aws:policy/aws-service-role/AccessAnalyzerServiceRolePolicy"
DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:List*", "Resource": "*"}]})
tag = lambda key, value="v": {"Key": key, "Value": value}

# Users: names, paths, tags.
call("caller", "get_caller_identity", sts)
for name, user in [
    ("user", "bob"),
    ("user with every character", "a+=,.@_-Z9"),
    ("user of 64", "u" * 64),
    ("user of 65", "u" * 65),
    ("user of no name", ""),
    ("user with a space", "two words"),
    ("user with a slash", "a/b"),
    ("user with an accent", "josé"),
    ("user again", "bob"),
    ("user in other capitals", "BOB"),
]:
    call(name, "create_user", UserName=user)
for name, path in [
    ("path", "/team/"),
    ("path of two", "/a/b/"),
    ("path without an end", "/team"),
    ("path without a start", "team/"),
    ("path with a space", "/a b/"),
    ("path of 513", "/" + "p" * 511 + "/"),
]:
    call(name, "create_user", UserName="p" + str(len(outcomes)), Path=path)
for name, tags in [
    ("tag", [tag("team", "web")]),
    ("tag without a value", [tag("empty", "")]),
    ("tag of letters", [tag("größe", "日本")]),
    ("tag key of 128", [tag("k" * 128)]),
    ("tag key of 129", [tag("k" * 129)]),
    ("tag value of 256", [tag("k", "v" * 256)]),
    ("tag value of 257", [tag("k", "v" * 257)]),
    ("tag of AWS's", [tag("aws:me")]),
    ("tag with a bad character", [tag("a<b")]),
    ("tag twice", [tag("k", "1"), tag("k", "2")]),
    ("tag twice in other capitals", [tag("k", "1"), tag("K", "2")]),
    ("50 tags", [tag("k%d" % i) for i in range(50)]),
    ("51 tags", [tag("k%d" % i) for i in range(51)]),
]:
    call(name, "create_user", UserName="t" + str(len(outcomes)), Tags=tags)
call("get user", "get_user", UserName="bob")
call("get user in other capitals", "get_user", UserName="Bob")
call("get nobody", "get_user", UserName="nobody")
call("get a bad name", "get_user", UserName="two words")
call("list users", "list_users", MaxItems=2)
call("list none", "list_users", MaxItems=0)
call("list too many", "list_users", MaxItems=1001)
call("tag a user", "tag_user", UserName="bob", Tags=[tag("a", "1")])
call("tag a user anew", "tag_user", UserName="bob", Tags=[tag("a", "2")])
call("tag nobody", "tag_user", UserName="nobody", Tags=[tag("a")])
call("tag with AWS's", "tag_user", UserName="bob", Tags=[tag("aws:a")])
call("list tags", "list_user_tags", UserName="bob")
call("untag", "untag_user", UserName="bob", TagKeys=["a"])
call("untag what is not there", "untag_user", UserName="bob", TagKeys=["zzz"])
call("untag nobody", "untag_user", UserName="nobody", TagKeys=["a"])

# Groups.
for name, group in [
    ("group", "Makers"),
    ("group of 128", "g" * 128),
    ("group of 129", "g" * 129),
    ("group with a space", "two words"),
    ("group of no name", ""),
    ("group again", "Makers"),
    ("group in other capitals", "makers"),
]:
    call(name, "create_group", GroupName=group)
call("get group", "get_group", GroupName="Makers")
call("get no group", "get_group", GroupName="nothing")
call("list groups", "list_groups")
call("join", "add_user_to_group", UserName="bob", GroupName="Makers")
call("join again", "add_user_to_group", UserName="bob", GroupName="Makers")
call("join nothing", "add_user_to_group", UserName="bob", GroupName="nothing")
call("nobody joins", "add_user_to_group", UserName="nobody", GroupName="Makers")
call("groups of bob", "list_groups_for_user", UserName="bob")
call("groups of nobody", "list_groups_for_user", UserName="nobody")
for i in range(9):
    quietly("create_group", GroupName="many%d" % i)
    quietly("add_user_to_group", UserName="bob", GroupName="many%d" % i)
quietly("create_group", GroupName="eleventh")
call("an eleventh group", "add_user_to_group", UserName="bob", GroupName="eleventh")
quietly("create_group", GroupName="Crowded")
quietly("add_user_to_group", UserName="a+=,.@_-Z9", GroupName="Crowded")
call("delete a group with members", "delete_group", GroupName="Crowded")
call("leave what one is not in", "remove_user_from_group", UserName="bob", GroupName="eleventh")
call("leave", "remove_user_from_group", UserName="bob", GroupName="many0")
call("leave nothing", "remove_user_from_group", UserName="bob", GroupName="nothing")
call("delete a group", "delete_group", GroupName="many0")
call("delete it again", "delete_group", GroupName="many0")

# Managed policies.
call("list policies", "list_policies", Scope="AWS", MaxItems=5)
call("list own policies", "list_policies", Scope="Local")
call("get a policy", "get_policy", PolicyArn=ADMIN)
call("get no policy", "get_policy", PolicyArn="arn:aws:iam::aws:policy/NoSuchPolicyAtAll")
call("a version", "get_policy_version", PolicyArn=ADMIN, VersionId="v1")
call("no version", "get_policy_version", PolicyArn=ADMIN, VersionId="v99")
call("attach", "attach_user_policy", UserName="bob", PolicyArn=ADMIN)
call("attach again", "attach_user_policy", UserName="bob", PolicyArn=ADMIN)
call("attach with a path", "attach_user_policy", UserName="bob", PolicyArn=VIEW)
call("attach without its path", "attach_user_policy", UserName="bob", PolicyArn="arn:aws:iam::aws:policy/ViewOnlyAccess")
call("attach nothing", "attach_user_policy", UserName="bob", PolicyArn="arn:aws:iam::aws:policy/NoSuchPolicyAtAll")
call("attach to nobody", "attach_user_policy", UserName="nobody", PolicyArn=ADMIN)
call("attach a service's own", "attach_user_policy", UserName="bob", PolicyArn=ROLE)
call("attached to bob", "list_attached_user_policies", UserName="bob")
call("attached to nobody", "list_attached_user_policies", UserName="nobody")
call("inline of bob", "list_user_policies", UserName="bob")
call("attach to a group", "attach_group_policy", GroupName="Makers", PolicyArn=ADMIN)
call("attach to a group again", "attach_group_policy", GroupName="Makers", PolicyArn=ADMIN)
call("attach to no group", "attach_group_policy", GroupName="nothing", PolicyArn=ADMIN)
call("attached to a group", "list_attached_group_policies", GroupName="Makers")
call("attached to no group", "list_attached_group_policies", GroupName="nothing")
quietly("create_group", GroupName="Kept")
quietly("attach_group_policy", GroupName="Kept", PolicyArn=ADMIN)
call("delete a group with policies", "delete_group", GroupName="Kept")
call("detach from a group", "detach_group_policy", GroupName="Makers", PolicyArn=ADMIN)
call("detach from a group again", "detach_group_policy", GroupName="Makers", PolicyArn=ADMIN)

# The account's own policies.
for name, parameters in [
    ("policy", dict(PolicyName="Own", PolicyDocument=DOCUMENT)),
    ("policy again", dict(PolicyName="Own", PolicyDocument=DOCUMENT)),
    ("policy in other capitals", dict(PolicyName="OWN", PolicyDocument=DOCUMENT)),
    ("policy of 128", dict(PolicyName="n" * 128, PolicyDocument=DOCUMENT)),
    ("policy of 129", dict(PolicyName="n" * 129, PolicyDocument=DOCUMENT)),
    ("policy with a space", dict(PolicyName="two words", PolicyDocument=DOCUMENT)),
    ("policy in a path", dict(PolicyName="InPath", Path="/team/", PolicyDocument=DOCUMENT)),
    ("policy in a bad path", dict(PolicyName="BadPath", Path="team", PolicyDocument=DOCUMENT)),
    ("policy described", dict(PolicyName="Described", Description="d" * 1000, PolicyDocument=DOCUMENT)),
    ("policy described too long", dict(PolicyName="TooLong", Description="d" * 1001, PolicyDocument=DOCUMENT)),
    ("policy with a tag", dict(PolicyName="Tagged", Tags=[tag("k")], PolicyDocument=DOCUMENT)),
    ("policy with a tag of AWS's", dict(PolicyName="TaggedBadly", Tags=[tag("aws:k")], PolicyDocument=DOCUMENT)),
    ("policy that is no JSON", dict(PolicyName="NoJson", PolicyDocument="{")),
    ("policy that is empty", dict(PolicyName="Empty", PolicyDocument="")),
    ("policy without a statement", dict(PolicyName="Bare", PolicyDocument='{"Version":"2012-10-17"}')),
    ("policy of another version", dict(PolicyName="Later", PolicyDocument=DOCUMENT.replace("2012-10-17", "2013-10-17"))),
    ("policy with curly quotes", dict(PolicyName="Curly", PolicyDocument=DOCUMENT.replace("Allow", "“Allow”"))),
    ("policy too large", dict(PolicyName="Large", PolicyDocument=DOCUMENT.replace("s3:List*", "s3:" + "x" * 6200))),
]:
    call(name, "create_policy", **parameters)
account = sts.get_caller_identity()["Account"]
OWN = "arn:aws:iam::%s:policy/Own" % account
call("get own", "get_policy", PolicyArn=OWN)
call("second version", "create_policy_version", PolicyArn=OWN, PolicyDocument=DOCUMENT, SetAsDefault=True)
call("version that is no JSON", "create_policy_version", PolicyArn=OWN, PolicyDocument="{")
call("version of nothing", "create_policy_version", PolicyArn=OWN + "x", PolicyDocument=DOCUMENT)
for _ in range(3):
    quietly("create_policy_version", PolicyArn=OWN, PolicyDocument=DOCUMENT)
call("a sixth version", "create_policy_version", PolicyArn=OWN, PolicyDocument=DOCUMENT)
call("list versions", "list_policy_versions", PolicyArn=OWN)
call("delete the version in force", "delete_policy_version", PolicyArn=OWN, VersionId="v2")
call("another in force", "set_default_policy_version", PolicyArn=OWN, VersionId="v1")
call("none in force", "set_default_policy_version", PolicyArn=OWN, VersionId="v77")
call("delete a version", "delete_policy_version", PolicyArn=OWN, VersionId="v2")
call("delete it once more", "delete_policy_version", PolicyArn=OWN, VersionId="v2")
arn = lambda name: "arn:aws:iam::%s:policy/%s" % (account, name)
quietly("create_policy", PolicyName="Versions", PolicyDocument=DOCUMENT)
quietly("create_policy_version", PolicyArn=arn("Versions"), PolicyDocument=DOCUMENT)
call("delete with versions", "delete_policy", PolicyArn=arn("Versions"))
quietly("create_policy", PolicyName="Attached", PolicyDocument=DOCUMENT)
quietly("attach_user_policy", UserName="bob", PolicyArn=arn("Attached"))
call("delete while attached", "delete_policy", PolicyArn=arn("Attached"))
for version in ["v3", "v4", "v5"]:
    quietly("delete_policy_version", PolicyArn=OWN, VersionId=version)
call("attach own", "attach_user_policy", UserName="bob", PolicyArn=OWN)
call("detach own", "detach_user_policy", UserName="bob", PolicyArn=OWN)
call("detach own again", "detach_user_policy", UserName="bob", PolicyArn=OWN)
call("delete own", "delete_policy", PolicyArn=OWN)
call("delete own again", "delete_policy", PolicyArn=OWN)
quietly("create_user", UserName="laden")
for i in range(10):
    quietly("create_policy", PolicyName="load%d" % i, PolicyDocument=DOCUMENT)
    quietly("attach_user_policy", UserName="laden", PolicyArn=arn("load%d" % i))
    quietly("attach_group_policy", GroupName="Makers", PolicyArn=arn("load%d" % i))
call("an eleventh policy of a user", "attach_user_policy", UserName="laden", PolicyArn=ADMIN)
call("an eleventh policy of a group", "attach_group_policy", GroupName="Makers", PolicyArn=ADMIN)

# Passwords.
quietly("create_user", UserName="signin")
call("no password yet", "get_login_profile", UserName="signin")
call("delete no password", "delete_login_profile", UserName="signin")
call("password", "create_login_profile", UserName="signin", Password="Wjh37!skhdK_as", PasswordResetRequired=True)
call("password again", "create_login_profile", UserName="signin", Password="Wjh37!skhdK_as")
call("password of nobody", "create_login_profile", UserName="nobody", Password="Wjh37!skhdK_as")
call("get password", "get_login_profile", UserName="signin")
quietly("create_user", UserName="weak")
call("weak password", "create_login_profile", UserName="weak", Password="abc")
quietly("create_user", UserName="long")
call("password of 129", "create_login_profile", UserName="long", Password="Aa1!" * 32 + "x")
call("delete password", "delete_login_profile", UserName="signin")
call("the account's password policy", "get_account_password_policy")

# Keys.
key = call("key", "create_access_key", UserName="bob").get("AccessKey", {}).get("AccessKeyId", "")
call("second key", "create_access_key", UserName="bob")
call("third key", "create_access_key", UserName="bob")
call("key of nobody", "create_access_key", UserName="nobody")
call("list keys", "list_access_keys", UserName="bob")
call("list keys of nobody", "list_access_keys", UserName="nobody")
call("last use", "get_access_key_last_used", AccessKeyId=key)
call("describe", "tag_user", UserName="bob", Tags=[tag(key, "laptop")])
call("switch off", "update_access_key", UserName="bob", AccessKeyId=key, Status="Inactive")
call("switch to what is no state", "update_access_key", UserName="bob", AccessKeyId=key, Status="Off")
call("switch off an unknown key", "update_access_key", UserName="bob", AccessKeyId="AKIAUNKNOWN000000000", Status="Inactive")
call("third key, one being off", "create_access_key", UserName="bob")
call("delete key", "delete_access_key", UserName="bob", AccessKeyId=key)
call("delete key again", "delete_access_key", UserName="bob", AccessKeyId=key)

# The end of a user, one hindrance after the other.
quietly("create_user", UserName="member")
quietly("add_user_to_group", UserName="member", GroupName="Makers")
call("delete a user in groups", "delete_user", UserName="member")
quietly("create_user", UserName="attached")
quietly("attach_user_policy", UserName="attached", PolicyArn=ADMIN)
call("delete a user with policies", "delete_user", UserName="attached")
quietly("create_user", UserName="passworded")
quietly("create_login_profile", UserName="passworded", Password="Wjh37!skhdK_as")
call("delete a user with a password", "delete_user", UserName="passworded")
quietly("create_user", UserName="detached")
quietly("attach_user_policy", UserName="detached", PolicyArn=ADMIN)
call("detach", "detach_user_policy", UserName="detached", PolicyArn=ADMIN)
call("detach again", "detach_user_policy", UserName="detached", PolicyArn=ADMIN)
quietly("create_user", UserName="keyed")
quietly("create_access_key", UserName="keyed")
call("delete a user with a key", "delete_user", UserName="keyed")
call("delete a user", "delete_user", UserName="signin")
call("delete it once more", "delete_user", UserName="signin")

# The account.
call("summary", "get_account_summary")
call("aliases", "list_account_aliases")
call("simulate", "simulate_principal_policy", PolicySourceArn="arn:aws:iam::%s:user/bob" % account, ActionNames=["iam:CreateUser"])
call("a role that is not there", "get_role", RoleName="nothing")
print(json.dumps(outcomes))
