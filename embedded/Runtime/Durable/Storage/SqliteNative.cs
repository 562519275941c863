using System.Runtime.InteropServices;
using SQLitePCL;

namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>Loads SQLite once: the system's library where there is one, since it is patched with the system, else the bundled one.</summary>
internal static class SqliteNative
{
    private const string SystemLibrary = "libsqlite3.so.0";

    private static readonly Lazy<bool> Loaded = new(() =>
    {
        if (OperatingSystem.IsLinux())
        {
            NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, assembly, path) =>
                name == "e_sqlite3" && NativeLibrary.TryLoad(SystemLibrary, out nint system) ? system : 0);
        }

        Batteries_V2.Init();
        return true;
    });

    public static void Load() => _ = Loaded.Value;
}
