namespace Serverless.Local.Stack.Load;

/// <summary>Files that somebody names on the command line.</summary>
internal static class LoadFiles
{
    /// <exception cref="StackException">It is not there, or larger than that.</exception>
    public static void Demand(string file, long mostBytes)
    {
        if (!File.Exists(file))
        {
            throw new StackException($"{file} does not exist; expected is a file.", 2);
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
}
