using Serverless.Functions.Azure.Triggers;
using Serverless.Infra.Terraform;
using Serverless.Ingest;
using Serverless.Webhooks;

namespace Serverless.Infra.Policies;

/// <summary>Queues, containers and prefixes are called what the code calls them.</summary>
internal static class Names
{
    private static readonly string[] Queues =
    [
        AssetLayout.GpuJobsQueue,
        AssetLayout.GpuCompletionsQueue,
        AssetLayout.DeletedBlobsQueue,
        WebhookPublisher.QueueName,
    ];

    private static readonly string MediaContainer = AssetLayout.MediaPrefix.TrimEnd('/');
    private static readonly string ArrivedFunction = $"Host.Functions.{nameof(BlobArrivedFunction)[..^"Function".Length]}&";
    private static readonly string MediaSubject = $"/blobServices/default/containers/{AssetLayout.MediaPrefix}";

    private static readonly (string Type, string Path, string Expected)[] Expected =
    [
        ("azurerm_eventgrid_system_topic_event_subscription", "storage_queue_endpoint.0.queue_name", AssetLayout.DeletedBlobsQueue),
        ("azurerm_eventgrid_system_topic_event_subscription", "subject_filter.0.subject_begins_with", MediaSubject),
        ("azurerm_container_app_job", "event_trigger_config.0.scale.0.rules.0.metadata.queueName", AssetLayout.GpuJobsQueue),
        ("azurerm_container_app_job", "event_trigger_config.0.scale.0.min_executions", "0"),
        ("aws_s3_bucket_notification", "queue.0.filter_prefix", AssetLayout.MediaPrefix),
        ("aws_batch_compute_environment", "compute_resources.0.min_vcpus", "0"),
    ];

    private static readonly (string Type, string Path, string Part)[] Mentioned =
    [
        ("azurerm_resource_group_template_deployment", "template_content", ArrivedFunction),
        ("azurerm_resource_group_template_deployment", "template_content", $"\"{MediaSubject}\""),
        ("aws_sfn_state_machine", "definition", $"\"{AssetLayout.BucketJobsQueue}/\""),
    ];

    public static IEnumerable<string> Check(Applied applied) =>
        [
            .. Missing(applied, "azurerm_storage_account", "azurerm_storage_queue", Queues),
            .. Missing(applied, "azurerm_storage_account", "azurerm_storage_container", [MediaContainer]),
            .. from rule in Expected
            from resource in applied.Of(rule.Type)
            where resource.Text(rule.Path) != rule.Expected
            select $"{resource.Address}: {rule.Path} is '{resource.Text(rule.Path)}'; the code has '{rule.Expected}'.",
            .. from rule in Mentioned
            from resource in applied.Of(rule.Type)
            where !resource.Text(rule.Path).Replace("\\u0026", "&", StringComparison.Ordinal).Contains(rule.Part, StringComparison.Ordinal)
            select $"{resource.Address}: {rule.Path} does not mention {rule.Part}.",
        ];

    private static IEnumerable<string> Missing(Applied applied, string where, string type, string[] names) =>
        applied.Of(where).Any()
            ? names.Except(applied.Of(type).Select(found => found.Text("name"))).Select(name => $"There is no {type} '{name}'.")
            : [];
}
