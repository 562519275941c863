using System.ComponentModel.DataAnnotations;

namespace Serverless.Orchestrations.Promotion;

/// <summary>How versions come into environments.</summary>
public sealed class PromotionOptions
{
    /// <summary>
    /// Plan by environment, as JSON: what it names replaces the default, so {"approval":{"people":["ana","li"],"required":2}} leaves the
    /// rest as it is, and {"shadow":null} takes the shadow out.
    /// </summary>
    public Dictionary<string, string> Plans { get; set; } = [];

    /// <summary>Promotions that may wait for their turn, per model and environment; 10 by default.</summary>
    [Range(0, 100)]
    public int MaxWaiting { get; set; } = 10;
}
