using System.Text;
using System.Text.Json;
using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Local.Stack.Load;

/// <summary>Files that somebody names on the command line.</summary>
internal static class LoadFiles
{
    private const long MostBytesOfJson = 16 << 20;

    /// <exception cref="StackException">It is not there, no file, or larger than that.</exception>
    public static void Demand(string file, long mostBytes)
    {
        if (!File.Exists(file))
        {
            throw new StackException($"{file} {(Directory.Exists(file) ? "is a folder" : "does not exist")}; expected is a file.", 2);
        }
        if (RegularFile.FindOther(file) is { } other)
        {
            throw new StackException($"{file} is {other}; expected is a file.", 2);
        }
        if (new FileInfo(file).Length is var length && length > mostBytes)
        {
            throw new StackException($"{file} has {length} bytes; allowed are {mostBytes}.", 2);
        }
    }

    /// <exception cref="StackException">It is not there, or larger than that.</exception>
    public static Task<string> ReadTextAsync(string file, long mostBytes, CancellationToken cancellationToken)
    {
        Demand(file, mostBytes);
        return File.ReadAllTextAsync(file, cancellationToken);
    }

    /// <param name="what">That it is to be, for the message.</param>
    /// <param name="isOpen">Whether members that the record does not have are passed over.</param>
    /// <exception cref="StackException">It is not there, or none.</exception>
    public static async Task<T> ReadJsonAsync<T>(string file, string what, CancellationToken cancellationToken, bool isOpen = false)
        where T : class
    {
        string text = await ReadTextAsync(file, MostBytesOfJson, cancellationToken);
        try
        {
            return GivenJson.Read<T>(Encoding.UTF8.GetBytes(text), isOpen);
        }
        catch (JsonException e)
        {
            throw new StackException($"{file} is not {what}: {JsonFault.Describe(e).ReplaceLineEndings(" ")}", 2);
        }
    }
}
