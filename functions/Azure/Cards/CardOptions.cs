using System.ComponentModel.DataAnnotations;

namespace Serverless.Functions.Azure.Cards;

/// <summary>What no record of the pipeline tells, and people must say; empty, the default, is shown as not recorded.</summary>
public sealed class CardOptions
{
    /// <summary>Who answers for the system.</summary>
    [MaxLength(1_000)]
    public string? Provider { get; set; }

    /// <summary>Where to reach them.</summary>
    [MaxLength(1_000)]
    public string? Contact { get; set; }

    /// <summary>For what the system is meant, and for what it is not.</summary>
    [MaxLength(10_000)]
    public string? IntendedPurpose { get; set; }
}
