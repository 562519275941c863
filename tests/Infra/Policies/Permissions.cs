using System.Text.Json;
using Serverless.Infra.Terraform;

namespace Serverless.Infra.Policies;

/// <summary>Each role on AWS may do exactly what the code behind it does, and no policy says "all".</summary>
internal static class Permissions
{
    private const string Objects =
        "s3:AbortMultipartUpload s3:DeleteObject s3:GetObject s3:ListBucket s3:ListBucketVersions s3:PutObject kms:Decrypt "
        + "kms:GenerateDataKey";
    private const string Logs = "logs:CreateLogStream logs:PutLogEvents";
    private const string Queue = "sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes sqs:ChangeMessageVisibility";
    private const string Image = "ecr:BatchGetImage ecr:GetDownloadUrlForLayer ecr:BatchCheckLayerAvailability ecr:GetAuthorizationToken";

    private static readonly Dictionary<string, string> Expected = new()
    {
        ["functions"] = $"{Objects} {Queue} {Logs}",
        ["gpu-batch"] = Objects,
        ["gpu-batch-start"] = $"{Image} {Logs} kms:Decrypt secretsmanager:GetSecretValue",
        ["scaling"] = "s3:ListBucket batch:ListJobs batch:SubmitJob",
        ["schedule"] = "states:StartExecution",
    };

    /// <summary>Actions that are for no single resource.</summary>
    private static readonly string[] ForAll = ["ecr:GetAuthorizationToken", "batch:ListJobs"];

    private static readonly string[] ManagedPolicies =
    [
        "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
        "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
        "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Restore",
    ];

    public static IEnumerable<string> Check(Applied applied) =>
        [
            .. applied.Of("aws_iam_role_policy").SelectMany(policy => OfIdentity(policy)),
            .. applied
                .Resources.Where(resource => resource.Type is "aws_sqs_queue_policy" or "aws_s3_bucket_policy")
                .SelectMany(OfResource),
            .. applied
                .Of("aws_iam_role_policy_attachment")
                .Where(attachment => !ManagedPolicies.Contains(attachment.Text("policy_arn")))
                .Select(attachment => $"{attachment.Address}: {attachment.Text("policy_arn")} is no policy that was looked at."),
            .. Uses(applied),
        ];

    private static IEnumerable<string> OfIdentity(Resource policy)
    {
        string[] expected = Expected[policy.Text("name")].Split(' ');
        string[] found = [.. Statements(policy).SelectMany(statement => statement.Actions).Distinct()];
        return
        [
            .. expected.Except(found).Select(missing => $"{policy.Address}: {missing} is missing."),
            .. found.Except(expected).Select(surplus => $"{policy.Address}: {surplus} is too much."),
            .. from statement in Statements(policy)
            where statement.Resources.Contains("*")
            from action in statement.Actions.Except(ForAll)
            select $"{policy.Address}: {action} is for all resources.",
        ];
    }

    private static IEnumerable<string> OfResource(Resource policy) =>
        Statements(policy)
            .Where(statement => statement.Principal == "*" || statement.Actions.Any(action => action.Contains('*')))
            .Select(statement => $"{policy.Address}: '{statement.Principal}' may {string.Join(", ", statement.Actions)}.");

    /// <summary>Who runs as which role.</summary>
    private static IEnumerable<string> Uses(Applied applied)
    {
        Dictionary<string, string> roles = applied.Of("aws_iam_role").ToDictionary(role => role.Text("arn"), role => role.Text("name"));
        return from use in RoleUses(applied)
            where !roles.GetValueOrDefault(use.Arn, "").EndsWith($"-{use.Expected}", StringComparison.Ordinal)
            select $"{use.Address}: runs as '{roles.GetValueOrDefault(use.Arn, use.Arn)}'; expected is the role {use.Expected}.";
    }

    private static IEnumerable<(string Address, string Arn, string Expected)> RoleUses(Applied applied) =>
        [
            .. applied.Of("aws_lambda_function").Select(function => (function.Address, function.Text("role"), "functions")),
            .. applied.Of("aws_sfn_state_machine").Select(machine => (machine.Address, machine.Text("role_arn"), "scaling")),
            .. applied.Of("aws_backup_selection").Select(selection => (selection.Address, selection.Text("iam_role_arn"), "backup")),
            .. applied.Of("aws_scheduler_schedule").Select(schedule => (schedule.Address, schedule.Text("target.0.role_arn"), "schedule")),
            .. applied
                .Of("aws_batch_job_definition")
                .SelectMany(job =>
                {
                    JsonElement container = JsonDocument.Parse(job.Text("container_properties")).RootElement;
                    return new[]
                    {
                        (job.Address, container.GetProperty("jobRoleArn").ToString(), "gpu-batch"),
                        (job.Address, container.GetProperty("executionRoleArn").ToString(), "gpu-batch-start"),
                    };
                }),
        ];

    private static IEnumerable<Statement> Statements(Resource policy) =>
        JsonDocument
            .Parse(policy.Text("policy"))
            .RootElement.GetProperty("Statement")
            .EnumerateArray()
            .Where(statement => statement.GetProperty("Effect").GetString() == "Allow")
            .Select(statement => new Statement(
                TextsOf(statement, "Action"),
                TextsOf(statement, "Resource"),
                TextsOf(statement, "Principal").FirstOrDefault("")
            ));

    private static string[] TextsOf(JsonElement statement, string name) =>
        !statement.TryGetProperty(name, out JsonElement found) ? []
        : found.ValueKind == JsonValueKind.Array ? [.. found.EnumerateArray().Select(item => item.ToString())]
        : [found.ToString()];

    private sealed record Statement(string[] Actions, string[] Resources, string Principal);
}
