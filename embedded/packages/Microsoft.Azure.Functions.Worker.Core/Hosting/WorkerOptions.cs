namespace Microsoft.Azure.Functions.Worker;

/// <summary>Accepted for source compatibility: the embedded host shares the process with the functions, so there are no messages to shape.</summary>
public class WorkerOptions
{
    public IDictionary<string, string> Capabilities { get; } = new Dictionary<string, string>();

    public bool IncludeEmptyEntriesInMessagePayload { get; set; }
}
