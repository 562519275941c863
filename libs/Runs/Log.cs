using Microsoft.Extensions.Logging;

namespace Serverless.Runs;

internal static partial class Log
{
    [LoggerMessage(8301, LogLevel.Warning, "Entries of {Runs} runs could not be written to {Path} and will be tried again: {Fault}")]
    public static partial void TailFailed(this ILogger log, string path, int runs, string fault);

    [LoggerMessage(8302, LogLevel.Warning, "The entry of run {Run} was dropped: {Pending} wait to be written")]
    public static partial void EntryDropped(this ILogger log, string run, int pending);

    [LoggerMessage(8303, LogLevel.Error, "The file {Path} of the index of runs is left out: {Fault}")]
    public static partial void FileDamaged(this ILogger log, string path, string fault);

    [LoggerMessage(8304, LogLevel.Information, "Merged {Files} files of the index of runs into {Path} with {Runs} runs")]
    public static partial void Merged(this ILogger log, int files, string path, int runs);

    [LoggerMessage(8305, LogLevel.Warning, "The index of runs in store {Store} could not be read: {Fault}")]
    public static partial void SourceAway(this ILogger log, string store, string fault);

    [LoggerMessage(8306, LogLevel.Debug, "The segment {Path} of the index of runs stays beside the one that holds its entries: {Fault}")]
    public static partial void SegmentStays(this ILogger log, string path, string fault);

    [LoggerMessage(8307, LogLevel.Information, "{Files} files of the index of runs stay as they are: together they would be too large")]
    public static partial void TooLargeToMerge(this ILogger log, int files);
}
