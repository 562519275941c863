namespace Serverless.Functions.Azure.Predictions.OpenInference;

internal sealed record NamedTensor(string Name, string Datatype, IReadOnlyList<long> Shape)
{
    public ReadOnlyMemory<byte> Data { get; init; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Items { get; init; } = [];
}
