namespace Serverless.Media.Shots;

public sealed class ShotOptions
{
    /// <summary>Shortest shot, default 0.5 seconds: a cut sooner after the last one is ignored.</summary>
    public TimeSpan MinLength { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// How many times its neighbours' mean a change must be, default 3; lower finds more cuts in moving pictures, and more false ones.
    /// </summary>
    public double AdaptiveRatio { get; set; } = 3;

    /// <summary>Least change between two frames that can be a cut, default 9 of 255; noise and fades stay below 5.</summary>
    public double MinChange { get; set; } = 9;

    /// <summary>Mean luma up to which a frame is black, default 28 of the limited range that begins at 16.</summary>
    public double BlackLuma { get; set; } = 28;
}
