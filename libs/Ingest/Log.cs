using Microsoft.Extensions.Logging;

namespace Serverless.Ingest;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "Event {Id} was not announced: {Fault}. It is kept and tried again.")]
    public static partial void NotAnnounced(this ILogger log, string id, string fault);

    [LoggerMessage(1006, LogLevel.Information, "Analysis of {Instance}: the same bytes as version {Earlier}, whose findings are copied")]
    public static partial void AnalysisReused(this ILogger log, string instance, string earlier);

    [LoggerMessage(1002, LogLevel.Error, "Index segment {Path} is damaged: {Fault}. The next reconcile writes again what it lost.")]
    public static partial void SegmentDamaged(this ILogger log, string path, string fault);

    [LoggerMessage(1003, LogLevel.Information, "Index space {Space}: {Segments} segments merged into {Path}")]
    public static partial void SegmentsMerged(this ILogger log, string space, int segments, string path);

    [LoggerMessage(1004, LogLevel.Information, "Index space {Space}: {Assets} assets with {Vectors} vectors from {Segments} segments")]
    public static partial void SpaceLoaded(this ILogger log, string space, int assets, int vectors, int segments);

    [LoggerMessage(1005, LogLevel.Warning, "Announcements that were kept could not be read; they are tried again later")]
    public static partial void OutboxNotRead(this ILogger log, Exception exception);

    [LoggerMessage(1007, LogLevel.Error, "Local file {File} of index segment {Path} is damaged: {Fault}. It is made anew from that.")]
    public static partial void LocalSegmentDamaged(this ILogger log, string file, string path, string fault);

    [LoggerMessage(1008, LogLevel.Warning, "Index segment {Path} was damaged: {Batches} assets of it were written anew, it was removed")]
    public static partial void SegmentSetAside(this ILogger log, string path, int batches);

    [LoggerMessage(1009, LogLevel.Warning, "Index space {Space}: vectors stay in memory, for they cannot be moved to a file: {Fault}")]
    public static partial void VectorsStayInMemory(this ILogger log, string space, string fault);
}
