using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Documents;
using Serverless.Media.Shots;

namespace Serverless.Ingest.Videos;

/// <summary>Which hand-out of which job is at work.</summary>
/// <param name="Attempt">Grows with every hand-out of the job: a lower one comes too late.</param>
public sealed record JobClaim(string JobId, int Attempt);

/// <summary>How far the analysis of a video has come. Only the holder of the claim replaces it, by compare-and-swap.</summary>
/// <param name="Epoch">Grows with every claim; part of the segments' names, so that claims never write over one another's.</param>
/// <param name="Tracker">Where the search for shots stands; null before the first segment is done.</param>
/// <param name="Segments">Paths of the finished segments, in order.</param>
public sealed record VideoCheckpoint(JobClaim Claim, int Epoch, ShotTracker.State? Tracker, IReadOnlyList<string> Segments);

/// <summary>The shots that ended within one segment.</summary>
public sealed record VideoSegment(IReadOnlyList<AnalysedShot> Shots);

/// <summary>A shot with all that the models said about its keyframe, and how long they took.</summary>
/// <param name="Vectors">Of the keyframe and of its caption, one for each space.</param>
/// <param name="Spent">By each model; null where the checkpoint is of a version that did not count it.</param>
public sealed record AnalysedShot(
    ShotFinding Finding,
    string Caption,
    IReadOnlyList<SpaceVector> Vectors,
    IReadOnlyList<ModelUse> Models,
    double InferenceMilliseconds,
    IReadOnlyList<ModelSpent>? Spent = null
);
