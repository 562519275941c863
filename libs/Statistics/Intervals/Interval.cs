namespace Serverless.Statistics.Intervals;

/// <summary>An estimate and the bounds between which the true value lies with the confidence that was asked for.</summary>
public readonly record struct Interval(double Value, double Low, double High);
