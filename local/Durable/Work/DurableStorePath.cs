namespace Serverless.Local.Durable.Work;

/// <summary>Where the database and the lock files of its workers are.</summary>
internal sealed class DurableStorePath(string database)
{
    public FileStream Lock(long worker) => new(FileOf(worker), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Whether a worker's file is there and nobody holds it.</summary>
    public bool IsAbandoned(long worker)
    {
        try
        {
            using FileStream file = new(FileOf(worker), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            // Held by a process that lives, or not yet made by one that has just begun.
            return false;
        }
    }

    public void DeleteLock(long worker) => File.Delete(FileOf(worker));

    private string FileOf(long worker) => $"{database}-worker{worker}";
}
