namespace Serverless.Rollout;

/// <summary>How predictors follow the rollout records.</summary>
public sealed class RolloutOptions
{
    /// <summary>
    /// How often the records of models in use are looked at, 500 ms by default: a change is followed everywhere within this, one read, and
    /// the time that its versions take to be loaded, for which predictors set a limit.
    /// Each look is two small requests to the store per model.
    /// </summary>
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A model that nobody asked for this long is looked at no more, until the next request; 10 minutes by default.</summary>
    public TimeSpan ForgetAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Deals callers that send no key; instances may share it.</summary>
    public int Seed { get; set; } = 20_260_101;

    public IEnumerable<string> Validate()
    {
        if (RefreshEvery < TimeSpan.FromMilliseconds(50) || RefreshEvery > TimeSpan.FromSeconds(1))
        {
            yield return $"Rollout:RefreshEvery is {RefreshEvery}; allowed are 50 ms to 1 s.";
        }
        if (ForgetAfter < TimeSpan.FromSeconds(10))
        {
            yield return $"Rollout:ForgetAfter is {ForgetAfter}; allowed is 10 s or more.";
        }
    }
}
