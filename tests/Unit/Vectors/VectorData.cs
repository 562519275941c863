using Serverless.Vectors;

namespace Serverless.Unit.Vectors;

/// <summary>Random batches in which assets, versions, times, kinds and whole vectors repeat often.</summary>
internal sealed class VectorData(int seed, int dimensions)
{
    private static readonly string[] Kinds = ["text", "image", "video"];
    private readonly Random _random = new(seed);

    public float[] Vector() => [.. Enumerable.Range(0, dimensions).Select(_ => MathF.Round(_random.NextSingle() * 4 - 2))];

    public AssetVectors Batch()
    {
        int asset = _random.Next(12),
            version = _random.Next(3);
        DateTimeOffset modified = DateTimeOffset.UnixEpoch.AddMinutes(_random.Next(4));
        // What a version holds follows from its name, as one version analysed twice gives the same vectors.
        var content = new VectorData(seed * 1000 + asset * 100 + version * 10 + modified.Minute, dimensions);
        int entries = _random.Next(5) == 0 ? 0 : content._random.Next(1, 6);
        return new AssetVectors($"asset{asset}", $"v{version}", modified, [.. Enumerable.Range(0, entries).Select(content.Entry)]);
    }

    public AssetVectors[] Batches(int count) => [.. Enumerable.Range(0, count).Select(_ => Batch())];

    public void Shuffle<T>(T[] items) => _random.Shuffle(items);

    public int Next(int end) => _random.Next(end);

    private VectorEntry Entry(int number) => new(Kinds[_random.Next(Kinds.Length)], $"{number}", $"text {number} — ünïcode", Vector());
}
