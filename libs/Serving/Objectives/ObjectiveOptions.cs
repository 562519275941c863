using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.Objectives;

/// <summary>What callers may rely on.</summary>
public sealed class ServiceObjective
{
    /// <summary>Share of requests that are answered, 0.999 by default; the others are the error budget.</summary>
    [Range(0.5, 0.99999)]
    public double Availability { get; set; } = 0.999;

    /// <summary>An answer that takes longer is slow; default 1,000 ms.</summary>
    [Range(1, 600_000)]
    public double LatencyMilliseconds { get; set; } = 1_000;

    /// <summary>Share of answers that are not slow, 0.99 by default.</summary>
    [Range(0.5, 0.99999)]
    public double InTime { get; set; } = 0.99;
}

/// <summary>The objectives of all models, and those of some.</summary>
public sealed class ObjectiveOptions
{
    /// <summary>
    /// Promotions of any model turn a candidate back that burns a budget of its objective 14.4 times as fast as it may, unless the version
    /// before it does so too.
    /// </summary>
    public ServiceObjective Default { get; set; } = new();

    /// <summary>
    /// By the model's name; what is not given of one is as a new objective has it. Promotions of these models turn a candidate back that
    /// misses its objective.
    /// </summary>
    public Dictionary<string, ServiceObjective> Models { get; set; } = [];

    public ServiceObjective Of(string model) => Models.GetValueOrDefault(model) ?? Default;
}
