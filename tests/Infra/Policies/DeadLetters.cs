using System.Text.Json;
using Serverless.Infra.Terraform;
using Serverless.Ingest;

namespace Serverless.Infra.Policies;

/// <summary>What cannot be delivered or worked on is kept, and comes back one by one.</summary>
internal static class DeadLetters
{
    private const string Poison = "-poison";

    /// <summary>gpu-batch answers a job that failed Worker:MaxAttempts times as failed, and its asset is quarantined.</summary>
    private const string AnsweredByItsWorker = AssetLayout.GpuJobsQueue;

    public static IEnumerable<string> Check(Applied applied) => [.. OfAzure(applied), .. OfAws(applied)];

    private static IEnumerable<string> OfAzure(Applied applied)
    {
        string[] queues = [.. applied.Of("azurerm_storage_queue").Select(queue => queue.Text("name"))];
        return
        [
            .. queues
                .Where(queue => !queue.EndsWith(Poison, StringComparison.Ordinal) && queue != AnsweredByItsWorker)
                .Where(queue => !queues.Contains(queue + Poison))
                .Select(queue => $"The queue '{queue}' has no queue '{queue}{Poison}'."),
            .. applied
                .Of("azurerm_eventgrid_system_topic_event_subscription")
                .Where(subscription => subscription.Text("storage_blob_dead_letter_destination.0.storage_blob_container_name").Length == 0)
                .Select(subscription => $"{subscription.Address}: events that cannot be delivered are lost."),
            .. applied
                .Of("azurerm_resource_group_template_deployment")
                .Where(template => template.Text("template_content").Contains("eventSubscriptions", StringComparison.Ordinal))
                .Where(template => !template.Text("template_content").Contains("deadLetterDestination", StringComparison.Ordinal))
                .Select(template => $"{template.Address}: events that cannot be delivered are lost."),
        ];
    }

    private static IEnumerable<string> OfAws(Applied applied)
    {
        string[] arns = [.. applied.Of("aws_sqs_queue").Select(queue => queue.Text("arn"))];
        double timeout = applied.Of("aws_lambda_function").Select(function => function.Find("timeout").GetDouble()).FirstOrDefault();
        foreach (
            Resource queue in applied.Of("aws_sqs_queue").Where(queue => !queue.Text("name").EndsWith("-dead", StringComparison.Ordinal))
        )
        {
            string policy = queue.Text("redrive_policy");
            if (policy.Length == 0 || !arns.Contains(JsonDocument.Parse(policy).RootElement.GetProperty("deadLetterTargetArn").ToString()))
            {
                yield return $"{queue.Address}: it has no queue of dead letters.";
            }
            if (queue.Find("visibility_timeout_seconds").GetDouble() < 6 * timeout)
            {
                string hidden = queue.Text("visibility_timeout_seconds");
                yield return $"{queue.Address}: a message is hidden for {hidden} s; expected is six times {timeout} s.";
            }
        }
        foreach (Resource mapping in applied.Of("aws_lambda_event_source_mapping"))
        {
            if (!mapping.List("function_response_types").Any(type => type.ToString() == "ReportBatchItemFailures"))
            {
                yield return $"{mapping.Address}: one message that fails brings its whole batch back.";
            }
        }
    }
}
