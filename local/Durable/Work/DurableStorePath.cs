namespace Serverless.Local.Durable.Work;

/// <summary>Where the database and the lock files of its workers are.</summary>
internal sealed class DurableStorePath(string database)
{
    /// <summary>
    /// Null where the file cannot be made, as where the disk is full: other processes then learn of a worker's death when its lease ends.
    /// </summary>
    public FileStream? TryLock(long worker)
    {
        try
        {
            return new FileStream(FileOf(worker), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a worker's file is there and nobody holds it.</summary>
    public bool IsAbandoned(long worker)
    {
        try
        {
            using FileStream file = new(FileOf(worker), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Held by a process that lives, not yet made by one that has just begun, or never made.
            return false;
        }
    }

    /// <summary>Leaves the file where it cannot be deleted: no other worker ever has its number.</summary>
    public void DeleteLock(long worker)
    {
        try
        {
            File.Delete(FileOf(worker));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody asks for it again.
        }
    }

    private string FileOf(long worker) => $"{database}-worker{worker}";
}
