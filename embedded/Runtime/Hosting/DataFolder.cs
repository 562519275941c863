namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>The host's hold on its data folder: one process at a time, since keys, receipts and orchestrations have one owner.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileStream _lock;

    private DataFolder(FileStream @lock) => _lock = @lock;

    /// <summary>Makes the folder where it is missing. The system gives the hold back however the process ends.</summary>
    public static DataFolder Take(string directory)
    {
        var path = Path.Combine(directory, "host.lock");
        try
        {
            Directory.CreateDirectory(directory);
            return new DataFolder(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new HostStartException($"cannot write to the data folder {directory}: {failure.Message}");
        }
        catch (IOException failure)
        {
            throw new HostStartException(File.Exists(path)
                ? $"the data folder {directory} is used by another host; stop that one or set Embedded__DataDirectory to another folder"
                : $"cannot write to the data folder {directory}: {failure.Message}");
        }
    }

    public void Dispose() => _lock.Dispose();
}
