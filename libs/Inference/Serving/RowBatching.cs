namespace Serverless.Inference.Serving;

/// <summary>How rows of several requests come to one run.</summary>
/// <param name="MaxRows">The most of one run, and so of one request; fewer fit where dimensions that are dynamic are large.</param>
/// <param name="MaxRequests">The most in one run; 1 runs each by itself.</param>
/// <param name="MaxDelay">How long one waits for company while the model is at work.</param>
public sealed record RowBatching(int MaxRows, int MaxRequests, TimeSpan MaxDelay);
