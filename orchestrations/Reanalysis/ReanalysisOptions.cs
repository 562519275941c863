using System.ComponentModel.DataAnnotations;
using Serverless.Ingest.Reanalysis;

namespace Serverless.Orchestrations.Reanalysis;

/// <summary>What happens to analyses once another version of one of their models serves.</summary>
public sealed class ReanalysisOptions
{
    /// <summary>
    /// Whether they are made anew by themselves; default true. Without it, searches stay with the space of an embedding model's former
    /// version until somebody asks for the reanalysis.
    /// </summary>
    public bool AfterPromotion { get; set; } = true;

    /// <summary>Analyses begun a minute at most; default 600: 100,000 short texts take three hours.</summary>
    [Range(1, ReanalysisRequest.MaxRate)]
    public int RatePerMinute { get; set; } = ReanalysisRequest.DefaultRate;
}
