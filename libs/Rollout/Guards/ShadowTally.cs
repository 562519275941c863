using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>How the candidate's answers to mirrored requests compare. Mutable, not thread-safe; serialised between looks.</summary>
public sealed class ShadowTally
{
    /// <summary>Slices beyond this many are counted together.</summary>
    public const int MaxSlices = 32;

    public const string OtherSlices = "other";

    public long Pairs { get; set; }

    /// <summary>Pairs of which both answered.</summary>
    public long Compared { get; set; }

    public long Disagreed { get; set; }

    public long CandidateFailed { get; set; }

    public long ReferenceFailed { get; set; }

    public long CandidateInvalid { get; set; }

    public long ReferenceInvalid { get; set; }

    /// <summary>Disagreement by slice.</summary>
    public SortedDictionary<string, Rate> Slices { get; init; } = new(StringComparer.Ordinal);

    public void Add(ShadowObservation seen)
    {
        Pairs++;
        if (seen.CandidateFailed)
        {
            CandidateFailed++;
        }
        if (seen.ReferenceFailed)
        {
            ReferenceFailed++;
        }
        if (seen.CandidateInvalid)
        {
            CandidateInvalid++;
        }
        if (seen.ReferenceInvalid)
        {
            ReferenceInvalid++;
        }
        if (seen.Disagrees is not { } disagrees)
        {
            return;
        }
        Compared++;
        if (disagrees)
        {
            Disagreed++;
        }
        foreach (string slice in seen.Slices)
        {
            string name = Slices.ContainsKey(slice) || Slices.Count < MaxSlices ? slice : OtherSlices;
            Rate rate = Slices.GetValueOrDefault(name);
            Slices[name] = new Rate(rate.Bad + (disagrees ? 1 : 0), rate.Total + 1);
        }
    }
}
