using System.ComponentModel.DataAnnotations;
using Serverless.Drift.Checks;

namespace Serverless.Drift;

/// <summary>How one model is watched where that is not as for all; what is absent is.</summary>
public sealed class ModelDriftOptions
{
    /// <summary>False leaves the model alone; true changes nothing where no model is checked.</summary>
    public bool? Enabled { get; set; }

    /// <summary>A model with much traffic may be looked at each hour, one with little each week.</summary>
    [Range(1, DriftWindow.MaxHours)]
    public int? WindowHours { get; set; }

    public DriftReference? Reference { get; set; }

    public DriftLikeness? Likeness { get; set; }
}

/// <summary>When a model is checked by itself, and against what.</summary>
/// <param name="Enabled">Whether it is checked by itself at all.</param>
/// <param name="WindowHours">After each window of so many hours there is one check.</param>
public sealed record DriftSchedule(bool Enabled, int WindowHours, DriftReference Reference, DriftLikeness Likeness)
{
    /// <summary>The check that is due at a time: of the last window that had ended by then.</summary>
    public DriftCheckRequest DueAt(DriftSubject subject, DateTimeOffset time) =>
        new(subject, DriftWindow.LastBefore(time, WindowHours), Reference, Likeness);
}
