using Serverless.Inference.Serving;

namespace Serverless.Serving.Work;

/// <summary>
/// Keeps the vectors of parts of a long work while the rest of it is embedded: whoever goes on after its process has ended embeds what is
/// not there. Asked with the version that embeds, since vectors of another are of no use.
/// </summary>
/// <param name="FindAsync">Null for a part that is not kept.</param>
public sealed record KeptParts(
    Func<ServedModel, IReadOnlyList<string>, CancellationToken, Task<float[][]?>> FindAsync,
    Func<ServedModel, IReadOnlyList<string>, float[][], CancellationToken, Task> KeepAsync
);
