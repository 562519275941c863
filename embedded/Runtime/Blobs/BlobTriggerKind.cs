using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>Plans functions that run for each version of each blob that matches a path.</summary>
internal sealed class BlobTriggerKind(Settings settings, BlobTriggerOptions options) : ITriggerKind
{
    private static readonly string[] Names = ["BlobTrigger", "Uri", "Properties", "Metadata"];

    public TriggerPlan? Plan(TriggerBindingAttribute attribute, ParameterSite site)
    {
        if (attribute is not BlobTriggerAttribute trigger)
            return null;
        var path = BlobPathPattern.Parse(settings.Resolve(trigger.BlobPath, site.Place), out var fault);
        if (path is null)
            site.Reject(fault!);
        if (!BlobContent.CanRead(site.Type))
            site.Reject($"a blob cannot become {site.Type.Name}; allowed are {BlobContent.Types}");
        var connection = settings.ConnectionString(trigger.Connection, site.Place);
        var names = new HashSet<string>([.. Names, .. path?.Names ?? []], StringComparer.OrdinalIgnoreCase);
        return new TriggerPlan("blobTrigger", context => BindAsync(context, site.Type), names)
        {
            Listen = (function, services) => new BlobListener(
                ActivatorUtilities.CreateInstance<BlobWorker>(services, function, path!, options, connection),
                services.GetRequiredService<StorageLog.AccessLogs>(),
                options.MaxDegreeOfParallelism,
                services.GetRequiredService<TimeProvider>()),
        };
    }

    private static ValueTask<object?> BindAsync(InvocationContext context, Type type)
    {
        var blob = (ArrivedBlob)context.TriggerValue!;
        var json = context.InstanceServices.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
        return BlobContent.ReadAsync(blob.Container, blob.Name, blob.Properties.ETag, type, json, context.CancellationToken);
    }
}
