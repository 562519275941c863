using System.Text.Json;
using Serverless.Infra.Policies;
using Serverless.Ingest;
using Serverless.Webhooks;

namespace Serverless.Infra.Helm;

/// <summary>What must be true of the chart's objects beyond their types.</summary>
internal static class ChartPolicy
{
    /// <summary>The longest that a worker takes to end (HostOptions.ShutdownTimeout in Program.cs of gpu-batch).</summary>
    private const int DrainSeconds = 10;

    private static readonly (string Path, string Value)[] Pod =
    [
        ("securityContext.runAsNonRoot", "True"),
        ("automountServiceAccountToken", "False"),
        ("containers.0.securityContext.readOnlyRootFilesystem", "True"),
        ("containers.0.securityContext.allowPrivilegeEscalation", "False"),
        ("containers.0.securityContext.capabilities.drop.0", "ALL"),
    ];

    /// <summary>What each part is scaled by.</summary>
    private static readonly Dictionary<string, string[]> Queues = new()
    {
        ["release-gpu-batch"] = [AssetLayout.GpuJobsQueue],
        ["release-functions"] = [AssetLayout.GpuCompletionsQueue, AssetLayout.DeletedBlobsQueue, WebhookPublisher.QueueName],
    };

    public static IEnumerable<string> Check(IReadOnlyList<ClusterObject> objects) =>
        [
            .. objects.Where(found => found.Kind == "Deployment").SelectMany(deployment => Check(deployment, objects)),
            .. objects.Where(found => found.Kind == "ScaledObject").SelectMany(scaled => CheckTriggers(scaled, objects)),
        ];

    private static IEnumerable<string> Check(ClusterObject deployment, IReadOnlyList<ClusterObject> objects)
    {
        const string pod = "spec.template.spec";
        bool isWorker = deployment.Name.EndsWith("gpu-batch", StringComparison.Ordinal);
        foreach ((string path, string value) in Pod)
        {
            if (deployment.Text($"{pod}.{path}") is var found && found != value)
            {
                yield return $"{deployment.Name}: {path} is '{found}'; expected is {value}.";
            }
        }
        if (!deployment.Text($"{pod}.containers.0.image").Contains("@sha256:", StringComparison.Ordinal))
        {
            yield return $"{deployment.Name}: its image is not named by a digest.";
        }
        if (deployment.Text($"{pod}.containers.0.resources.limits.memory").Length == 0)
        {
            yield return $"{deployment.Name}: its memory has no limit.";
        }
        if (isWorker && !(int.TryParse(deployment.Text($"{pod}.terminationGracePeriodSeconds"), out int grace) && grace > DrainSeconds))
        {
            yield return $"{deployment.Name}: it is killed before it has drained, which takes {DrainSeconds} s.";
        }
        if (isWorker && !deployment.Raw($"{pod}.nodeSelector").Contains("\"spot\"", StringComparison.Ordinal))
        {
            yield return $"{deployment.Name}: it runs on machines that are not spot.";
        }
        string labels = deployment.Raw("spec.selector.matchLabels");
        foreach (
            (string kind, string path) in new[]
            {
                ("PodDisruptionBudget", "spec.selector.matchLabels"),
                ("NetworkPolicy", "spec.podSelector.matchLabels"),
            }
        )
        {
            if (!objects.Any(found => found.Kind == kind && found.Raw(path) == labels))
            {
                yield return $"{deployment.Name}: it has no {kind}.";
            }
        }
        Dictionary<string, string> settings = deployment
            .List($"{pod}.containers.0.env")
            .ToDictionary(entry => entry.GetProperty("name").ToString(), ValueOf);
        foreach (string fault in isWorker ? KnownSettings.OfWorker(settings) : KnownSettings.OfFunctions(settings))
        {
            yield return $"{deployment.Name}: {fault}";
        }
    }

    /// <summary>What KEDA's types leave open: which metadata a trigger has.</summary>
    private static IEnumerable<string> CheckTriggers(ClusterObject scaled, IReadOnlyList<ClusterObject> objects)
    {
        if (!objects.Any(found => found.Kind == "Deployment" && found.Name == scaled.Text("spec.scaleTargetRef.name")))
        {
            yield return $"{scaled.Name}: there is no deployment '{scaled.Text("spec.scaleTargetRef.name")}'.";
        }
        if (scaled.Name.EndsWith("gpu-batch", StringComparison.Ordinal) && scaled.Text("spec.minReplicaCount") != "0")
        {
            yield return $"{scaled.Name}: it keeps a machine while there is nothing to do.";
        }
        JsonElement[] triggers = [.. scaled.List("spec.triggers").Where(trigger => TextOf(trigger, "type") == "azure-queue")];
        string[] queues = [.. triggers.Select(trigger => TextOf(trigger.GetProperty("metadata"), "queueName"))];
        foreach (string queue in Queues[scaled.Name].Except(queues).Concat(queues.Except(Queues[scaled.Name])))
        {
            string expected = string.Join(", ", Queues[scaled.Name]);
            yield return $"{scaled.Name}: scaled by {string.Join(", ", queues)}; expected is {expected} ('{queue}').";
        }
        foreach (JsonElement trigger in triggers)
        {
            JsonElement metadata = trigger.GetProperty("metadata");
            if (TextOf(metadata, "accountName").Length == 0 || !int.TryParse(TextOf(metadata, "queueLength"), out _))
            {
                yield return $"{scaled.Name}: a trigger has no accountName or no number as queueLength.";
            }
            string reference = trigger.TryGetProperty("authenticationRef", out JsonElement found) ? TextOf(found, "name") : "";
            if (!objects.Any(known => known.Kind == "TriggerAuthentication" && known.Name == reference))
            {
                yield return $"{scaled.Name}: a trigger signs in as '{reference}', which there is not.";
            }
        }
    }

    /// <summary>What a reference to a secret stands for is made up.</summary>
    private static string ValueOf(JsonElement entry) =>
        entry.TryGetProperty("value", out JsonElement value) ? value.ToString() : Convert.ToBase64String(new byte[32]);

    private static string TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement found) && found.ValueKind == JsonValueKind.String ? found.ToString() : "";
}
