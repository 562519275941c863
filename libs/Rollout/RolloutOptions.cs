using System.ComponentModel.DataAnnotations;

namespace Serverless.Rollout;

/// <summary>How predictors follow the rollout records.</summary>
public sealed class RolloutOptions
{
    /// <summary>
    /// How often a process looks whether what an environment serves changed, 500 ms by default: a change is followed everywhere within
    /// this, two reads, and the time that its versions take to be loaded, for which predictors set a limit.
    /// A look is one small request to the store, and two more per model in use where something changed. Models without a change are read
    /// every 10 seconds, be they in use or not; where nobody asked for one for so long, its next caller waits for a read, for a second at
    /// most.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:00:01")]
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A model that nobody asked for this long is looked at no more, until the next request; 10 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Deals callers that send no key; instances may share it.</summary>
    public int Seed { get; set; } = 20_260_101;
}
