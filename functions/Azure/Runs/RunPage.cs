using Microsoft.DurableTask.Client;

namespace Serverless.Functions.Azure.Runs;

/// <summary>Which runs a list is of.</summary>
/// <param name="Admits">What the store cannot filter by; it sees a run without its input and output.</param>
internal sealed record CreationFilter(
    string? IdPrefix = null,
    OrchestrationRuntimeStatus? Status = null,
    Func<OrchestrationMetadata, bool>? Admits = null
);

/// <param name="Runs">The newest first, without inputs and outputs.</param>
/// <param name="Next">Where the list goes on; null at its end.</param>
/// <param name="Incomplete">Why the page ended early, for people; null where it did not.</param>
internal sealed record RunPage(IReadOnlyList<OrchestrationMetadata> Runs, RunPosition? Next, string? Incomplete = null);
