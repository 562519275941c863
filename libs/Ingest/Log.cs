using Microsoft.Extensions.Logging;
using Serverless.Ingest.Models;

namespace Serverless.Ingest;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "Event {Id} was not announced: {Fault}. It is kept and tried again.")]
    public static partial void NotAnnounced(this ILogger log, string id, string fault);

    [LoggerMessage(
        1006,
        LogLevel.Information,
        "Analysis of {Instance}: the same bytes as version {Earlier} of asset {Asset}, whose findings are copied"
    )]
    public static partial void AnalysisReused(this ILogger log, string instance, string asset, string earlier);

    [LoggerMessage(
        1020,
        LogLevel.Warning,
        "Whether store {Store} has the bytes of {Instance} too was not found out; they are analysed: {Fault}"
    )]
    public static partial void OtherStoreNotReused(this ILogger log, string store, string instance, string fault);

    [LoggerMessage(1002, LogLevel.Error, "Index segment {Path} is damaged: {Fault}. The next reconcile writes again what it lost.")]
    public static partial void SegmentDamaged(this ILogger log, string path, string fault);

    [LoggerMessage(1003, LogLevel.Information, "Index space {Space}: {Segments} segments merged into {Path}")]
    public static partial void SegmentsMerged(this ILogger log, string space, int segments, string path);

    [LoggerMessage(1004, LogLevel.Information, "Index space {Space}: {Assets} assets with {Vectors} vectors from {Segments} segments")]
    public static partial void SpaceLoaded(this ILogger log, string space, int assets, int vectors, int segments);

    [LoggerMessage(1005, LogLevel.Warning, "Announcements that were kept could not be read; they are tried again later")]
    public static partial void OutboxNotRead(this ILogger log, Exception exception);

    [LoggerMessage(1007, LogLevel.Information, "Index space {Space}, which nothing names any longer, is deleted")]
    public static partial void SpaceDeleted(this ILogger log, string space);

    [LoggerMessage(1008, LogLevel.Information, "Searches are answered by {Model} instead of {Before}; its space covers {Coverage:P1}")]
    public static partial void SearchTurned(this ILogger log, string model, string before, double coverage);

    [LoggerMessage(1009, LogLevel.Warning, "The index spaces of role {Role} stay as they are: {Fault}")]
    public static partial void SpacesNotKept(this ILogger log, ModelRole role, string fault);

    [LoggerMessage(1012, LogLevel.Warning, "Index spaces that nothing names could not be deleted; it is tried again: {Fault}")]
    public static partial void SpacesNotDeleted(this ILogger log, string fault);

    [LoggerMessage(1010, LogLevel.Warning, "Model {Model}/{Version}, whose space is kept up to date, did not embed an asset: {Fault}")]
    public static partial void NotEmbedded(this ILogger log, string model, int version, string fault);

    [LoggerMessage(1012, LogLevel.Warning, "The words of asset {Asset} are not indexed; the next look at the ledger tries again")]
    public static partial void WordsNotIndexed(this ILogger log, string asset, Exception exception);

    [LoggerMessage(1013, LogLevel.Information, "Words caught up with the ledger: {Added} assets read, {Removed} gone")]
    public static partial void WordsCaughtUp(this ILogger log, int added, int removed);

    [LoggerMessage(1014, LogLevel.Warning, "The index of words was not kept up; it is tried again: {Fault}")]
    public static partial void WordsNotKept(this ILogger log, string fault);

    [LoggerMessage(1011, LogLevel.Warning, "The models of role {Role} are not loaded yet: {Fault}")]
    public static partial void RoleNotLoaded(this ILogger log, ModelRole role, string fault);

    [LoggerMessage(1013, LogLevel.Error, "Local file {File} of index segment {Path} is damaged: {Fault}. It is made anew from that.")]
    public static partial void LocalSegmentDamaged(this ILogger log, string file, string path, string fault);

    [LoggerMessage(1014, LogLevel.Warning, "Index segment {Path} was damaged: {Batches} assets of it were written anew, it was removed")]
    public static partial void SegmentSetAside(this ILogger log, string path, int batches);

    [LoggerMessage(1015, LogLevel.Warning, "Index space {Space}: vectors stay in memory, for they cannot be moved to a file: {Fault}")]
    public static partial void VectorsStayInMemory(this ILogger log, string space, string fault);

    [LoggerMessage(1019, LogLevel.Warning, "What there is of uploads and jobs could not be looked at for the metrics: {Fault}")]
    public static partial void NotMeasured(this ILogger log, string fault);

    [LoggerMessage(1021, LogLevel.Warning, "What other instances wrote to the index was not taken over; it is tried again: {Fault}")]
    public static partial void OthersNotFollowed(this ILogger log, string fault);
}
