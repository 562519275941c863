namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>
/// Makes this process the only engine on a database. It is what makes leases unnecessary: whatever an earlier owner had in
/// hand is ours, and the system releases the lock of a process that dies.
/// </summary>
internal sealed class OwnerLock : IDisposable
{
    private readonly FileStream _file;

    public OwnerLock(string databasePath)
    {
        try
        {
            _file = new FileStream(databasePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException(
                $"The durable database '{databasePath}' is in use by another process. Stop it, or choose another data directory.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
