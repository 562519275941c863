using Microsoft.Extensions.Logging;

namespace Serverless.Words;

internal static partial class Log
{
    [LoggerMessage(801, LogLevel.Information, "Words: {Assets} assets in {Place}")]
    public static partial void WordsOpened(this ILogger log, int assets, string place);

    [LoggerMessage(802, LogLevel.Error, "The index of words in {Folder} is damaged and is deleted; analyses are read again: {Fault}")]
    public static partial void WordsDamaged(this ILogger log, string folder, string fault);
}
