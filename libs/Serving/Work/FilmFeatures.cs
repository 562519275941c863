namespace Serverless.Serving.Work;

/// <summary>
/// Of the film that a keyframe is from: how long it is, where its container says so, and how long the keyframe's shot, both in seconds.
/// How fast a film is cut is how short its shots are.
/// </summary>
/// <param name="Moment">Which keyframe it is: its place in the film, in seconds. It is told, and is no feature.</param>
public sealed record FilmFeatures(double? Seconds, double ShotSeconds, double Moment)
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
