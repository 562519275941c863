using System.Text.Json.Serialization;

namespace Serverless.Rollout.Guards;

/// <param name="Number">Of all blocks that were begun, counted from 0.</param>
public sealed record LateBlock(int Number, ArmTally Stable, ArmTally Canary);

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
            Begin();
        }
        ArmOf(Blocks[^1], isCanary).Add(seen);
    }

    /// <summary>An outcome is of the part in which it was reported, whenever its request was.</summary>
    public void AddOutcome(bool bad, bool isCanary)
    {
        if (Blocks.Count == 0)
        {
            Begin();
        }
        ArmOf(Blocks[^1], isCanary).AddOutcome(bad);
    }

    /// <summary>What was seen since each block began, but the first: that is the whole step. The last comes first.</summary>
    public IEnumerable<LateBlock> Since()
    {
        LateBlock sum = new(0, new ArmTally(), new ArmTally());
        foreach (LateBlock block in Blocks.Skip(1).Reverse())
        {
            sum = sum with { Number = block.Number };
            sum.Stable.Add(block.Stable);
            sum.Canary.Add(block.Canary);
            yield return sum;
        }
    }

    private void Begin()
    {
        Blocks.Add(new LateBlock(Begun++, new ArmTally(), new ArmTally()));
        if (Blocks.Count > MaxBlocks)
        {
            Halve();
        }
    }

    private static ArmTally ArmOf(LateBlock block, bool isCanary) => isCanary ? block.Canary : block.Stable;

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
