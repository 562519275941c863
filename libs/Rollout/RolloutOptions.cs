using System.ComponentModel.DataAnnotations;

namespace Serverless.Rollout;

/// <summary>How predictors follow the rollout records.</summary>
public sealed class RolloutOptions
{
    /// <summary>
    /// How often the records of models in use are looked at, 500 ms by default: a change is followed everywhere within this, one read, and
    /// the time that its versions take to be loaded, for which predictors set a limit.
    /// Each look is two small requests to the store per model. A model that nobody asked for 10 seconds is looked at every 10 seconds, and
    /// its next caller waits for a look, for a second at most.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:01")]
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A model that nobody asked for this long is looked at no more, until the next request; 10 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Deals callers that send no key; instances may share it.</summary>
    public int Seed { get; set; } = 20_260_101;
}
