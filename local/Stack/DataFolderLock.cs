namespace Serverless.Local.Stack;

/// <summary>
/// A stack's hold on its data folder: two Azurites over the same files would overwrite each other's. The system gives it back however the
/// process ends.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    private static string PathIn(string directory) => Path.Combine(directory, "stack.lock");

    /// <summary>Null where a stack holds the folder.</summary>
    public static DataFolderLock? TryTake(string directory)
    {
        try
        {
            return new DataFolderLock(new FileStream(PathIn(directory), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(PathIn(directory)))
        {
            return null;
        }
    }

    /// <summary>Makes the folder where it is missing.</summary>
    public static DataFolderLock Take(string directory)
    {
        string path = PathIn(directory);
        try
        {
            DataFolder.Create(directory);
            return new DataFolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StackException(
                File.Exists(path) && e is IOException
                    ? $"The data folder {directory} is used by another stack. Stop that one, or choose another folder (--data)."
                    : $"The data folder {directory} cannot be written: {e.Message}"
            );
        }
    }

    public void Dispose() => _file.Dispose();
}
