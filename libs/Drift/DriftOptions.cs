using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Serverless.Drift.Checks;

namespace Serverless.Drift;

/// <summary>What follows from an alarm by itself.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftFollowUp>))]
public enum DriftFollowUp
{
    /// <summary>People are told.</summary>
    Alert,

    /// <summary>What served before serves again.</summary>
    RollBack,

    /// <summary>Another version gets copies of the traffic for a while, so that people see whether it does better.</summary>
    OpenShadow,

    /// <summary>A version is trained on what was labelled of late, up to the approval of people.</summary>
    Retrain,
}

/// <summary>Reads the options from a section of the configuration.</summary>
public static class DriftSettings
{
    public static void ReadDrift(this IConfiguration section, DriftOptions options)
    {
        // A list that is configured replaces the default one, which binding would add to.
        if (section.GetSection(nameof(options.Environments)).Exists())
        {
            options.Environments.Clear();
        }
        if (section.GetSection(nameof(options.FollowUps)).Exists())
        {
            options.FollowUps.Clear();
        }
        section.Bind(options);
    }
}

/// <summary>How versions in production are watched.</summary>
public sealed class DriftOptions
{
    /// <summary>Whether every version that serves is checked by itself, 20 minutes after each window; default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Of the environments, those that are watched; default prod.</summary>
    [MinLength(1)]
    public IList<string> Environments { get; set; } = ["prod"];

    /// <summary>
    /// Hours of a window, 24 by default. Shorter ones see a sudden shift sooner and a small one later, and compare night with day unless
    /// <see cref="Likeness"/> says otherwise.
    /// </summary>
    [Range(1, DriftWindow.MaxHours)]
    public int WindowHours { get; set; } = 24;

    /// <summary>What is otherwise of some models, by their names.</summary>
    public Dictionary<string, ModelDriftOptions> Models { get; set; } = [];

    public DriftReference Reference { get; set; } = DriftReference.Pinned;

    public DriftLikeness Likeness { get; set; } = DriftLikeness.Any;

    public DriftLimits Limits { get; set; } = new();

    /// <summary>What follows from an alarm; default: people are told.</summary>
    public IList<DriftFollowUp> FollowUps { get; set; } = [DriftFollowUp.Alert];

    public DriftShadowOptions Shadow { get; set; } = new();

    public DriftRetrainOptions Retrain { get; set; } = new();

    /// <summary>
    /// The same model is not rolled back again for so long, nor gets another shadow, nor is trained anew; default 24 hours. Each counts
    /// alone.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")]
    public TimeSpan CoolDown { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Checks begun a minute by a backfill, 60 by default.</summary>
    [Range(1, 6_000)]
    public int BackfillPerMinute { get; set; } = 60;

    public DriftSchedule ScheduleOf(string model)
    {
        ModelDriftOptions own = Models.GetValueOrDefault(model) ?? new ModelDriftOptions();
        return new DriftSchedule(
            Enabled && (own.Enabled ?? true),
            own.WindowHours ?? WindowHours,
            own.Reference ?? Reference,
            own.Likeness ?? Likeness
        );
    }
}
