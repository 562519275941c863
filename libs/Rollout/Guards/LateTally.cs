using System.Text.Json.Serialization;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>One arm's requests during a part of a step.</summary>
public sealed class LateArm
{
    public long Requests { get; set; }

    public long Failed { get; set; }

    public long Invalid { get; set; }

    public LatencyHistogram Latency { get; init; } = new();

    internal void Add(ArmObservation seen)
    {
        Requests++;
        Failed += seen.Failed ? 1 : 0;
        Invalid += seen.Invalid ? 1 : 0;
        if (seen.Milliseconds is { } milliseconds)
        {
            Latency.Add(milliseconds);
        }
    }

    internal void Add(LateArm other)
    {
        Requests += other.Requests;
        Failed += other.Failed;
        Invalid += other.Invalid;
        Latency.Add(other.Latency);
    }
}

/// <param name="Number">Of all blocks that were begun, counted from 0.</param>
public sealed record LateBlock(int Number, LateArm Stable, LateArm Canary);

/// <summary>
/// A step in blocks of as many of the candidate's requests each, so that what it did since one of them began can be judged by itself: what
/// it did well before would hide for long that it went bad. When there are too many blocks each two become one. Mutable, not
/// thread-safe; serialised between looks.
/// </summary>
public sealed class LateTally
{
    public const int MaxBlocks = 10;

    private const int FirstSize = 20;

    /// <summary>In the order of their beginning; the last one grows.</summary>
    [JsonInclude]
    public List<LateBlock> Blocks { get; private init; } = [];

    /// <summary>Requests of the candidate in a block that is full.</summary>
    [JsonInclude]
    public long Size { get; private set; } = FirstSize;

    [JsonInclude]
    public int Begun { get; private set; }

    public void Add(ArmObservation seen, bool isCanary)
    {
        if (Blocks.Count == 0 || (isCanary && Blocks[^1].Canary.Requests >= Size))
        {
            Blocks.Add(new LateBlock(Begun++, new LateArm(), new LateArm()));
        }
        if (Blocks.Count > MaxBlocks)
        {
            Halve();
        }
        (isCanary ? Blocks[^1].Canary : Blocks[^1].Stable).Add(seen);
    }

    /// <summary>What was seen since each block began, but the first: that is the whole step. The last comes first.</summary>
    public IEnumerable<LateBlock> Since()
    {
        LateBlock sum = new(0, new LateArm(), new LateArm());
        foreach (LateBlock block in Blocks.Skip(1).Reverse())
        {
            sum = sum with { Number = block.Number };
            sum.Stable.Add(block.Stable);
            sum.Canary.Add(block.Canary);
            yield return sum;
        }
    }

    /// <summary>The one that has just begun stays by itself.</summary>
    private void Halve()
    {
        Size *= 2;
        for (int i = 0; i < Blocks.Count - 2; i++)
        {
            Blocks[i].Stable.Add(Blocks[i + 1].Stable);
            Blocks[i].Canary.Add(Blocks[i + 1].Canary);
            Blocks.RemoveAt(i + 1);
        }
    }
}
