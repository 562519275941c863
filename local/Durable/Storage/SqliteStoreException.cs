using SQLitePCL;

namespace Serverless.Local.Durable.Storage;

/// <summary>SQLite refused a statement; <see cref="Code"/> is its result code.</summary>
internal sealed class SqliteStoreException(int code, string message) : Exception(message)
{
    public int Code => code;

    /// <summary>For whoever starts the host, who is to learn which file it is.</summary>
    public static SqliteStoreException OfFile(string path, SqliteStoreException fault) =>
        new(fault.Code, $"The durable database '{path}' cannot be {(fault.IsOfTheDisk ? "written" : "read")}: {fault.Message}");

    /// <summary>Whether the file, or the disk that it is on, takes no writes; sqlite.org/rescode.html</summary>
    public bool IsOfTheDisk => code is raw.SQLITE_READONLY or raw.SQLITE_IOERR or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN;
}
