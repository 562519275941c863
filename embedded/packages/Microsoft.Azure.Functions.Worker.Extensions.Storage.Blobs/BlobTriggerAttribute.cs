using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>How new blobs are noticed.</summary>
public enum BlobTriggerSource
{
    LogsAndContainerScan,
    EventGrid,
}

/// <summary>Runs the function once for each version of each blob that matches <see cref="BlobPath"/>.</summary>
public sealed class BlobTriggerAttribute(string blobPath) : TriggerBindingAttribute
{
    /// <summary>Container, slash, and a name pattern whose <c>{parts}</c> become binding data.</summary>
    [BindingPropertyName("path")]
    public string BlobPath { get; } = blobPath;

    /// <summary>The setting that holds the connection string; <c>AzureWebJobsStorage</c> where there is none.</summary>
    public string? Connection { get; set; }

    public BlobTriggerSource Source { get; set; }
}
