namespace Serverless.Serving.Work;

/// <summary>
/// Of the film that a keyframe is from: how long it is, where its container says so, and how long the keyframe's shot, both in seconds.
/// How fast a film is cut is how short its shots are.
/// </summary>
public sealed record FilmFeatures(double? Seconds, double ShotSeconds)
{
    internal void Add(Dictionary<string, double> features)
    {
        if (Seconds is { } seconds)
        {
            features["film.seconds"] = seconds;
        }
        features["film.shotSeconds"] = ShotSeconds;
    }
}
