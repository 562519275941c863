using System.ComponentModel.DataAnnotations;

namespace Serverless.Drift;

public enum DriftShadowVersion
{
    /// <summary>What served before.</summary>
    Previous,

    /// <summary>The newest of the registry, where it is newer than what serves.</summary>
    Newest,
}

/// <summary>Which version gets copies of the traffic after an alarm.</summary>
public sealed class DriftShadowOptions
{
    /// <summary>Default: what served before.</summary>
    public DriftShadowVersion Version { get; set; } = DriftShadowVersion.Previous;

    /// <summary>The part of the requests that is copied, 0.2 by default. Each copy costs what a request costs.</summary>
    [Range(0.001, 1.0)]
    public double Share { get; set; } = 0.2;

    /// <summary>The shadow ends by itself after so long, with a report of the differences; default 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "6.00:00:00")]
    public TimeSpan Lasting { get; set; } = TimeSpan.FromHours(24);
}

/// <summary>What is learnt from after an alarm.</summary>
public sealed class DriftRetrainOptions
{
    /// <summary>
    /// So long before the end of the window that alarmed, predictions that somebody labelled are learnt from; default 14 days.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "31.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// Of a model by whose predictions another one is trained, as a head is by those of an embedding model, that other's name. A model
    /// that is not named is trained by its own predictions.
    /// </summary>
    public IDictionary<string, string> Into { get; set; } = new Dictionary<string, string>();
}
