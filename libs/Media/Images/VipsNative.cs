using System.Runtime.InteropServices;

namespace Serverless.Media.Images;

/// <summary>The functions of libvips 8.13 or later that are used, and of GObject beneath it. None of them is variadic.</summary>
internal static unsafe partial class VipsNative
{
    private const string Vips = "libvips.so.42";
    private const string GObject = "libgobject-2.0.so.0";
    private const string GLib = "libglib-2.0.so.0";

    [StructLayout(LayoutKind.Sequential)]
    internal struct GValue
    {
        public nuint Type;
        public long Data0, Data1;
    }

    [LibraryImport(Vips, EntryPoint = "vips_init", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Init(string program);

    [LibraryImport(Vips, EntryPoint = "vips_block_untrusted_set")]
    internal static partial void BlockUntrusted(int state);

    [LibraryImport(Vips, EntryPoint = "vips_operation_block_set", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void BlockOperation(string name, int state);

    [LibraryImport(Vips, EntryPoint = "vips_concurrency_set")]
    internal static partial void SetConcurrency(int threads);

    [LibraryImport(Vips, EntryPoint = "vips_cache_set_max")]
    internal static partial void SetCacheMax(int operations);

    [LibraryImport(Vips, EntryPoint = "vips_error_buffer_copy")]
    internal static partial byte* TakeErrors();

    [LibraryImport(Vips, EntryPoint = "vips_operation_new", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint NewOperation(string name);

    [LibraryImport(Vips, EntryPoint = "vips_object_set_argument_from_string", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetArgument(nint operation, string name, string value);

    [LibraryImport(Vips, EntryPoint = "vips_cache_operation_build")]
    internal static partial nint Build(nint operation);

    [LibraryImport(Vips, EntryPoint = "vips_object_unref_outputs")]
    internal static partial void UnrefOutputs(nint operation);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_type")]
    internal static partial nuint ImageType();

    [LibraryImport(Vips, EntryPoint = "vips_blob_get_type")]
    internal static partial nuint BlobType();

    [LibraryImport(Vips, EntryPoint = "vips_blob_new")]
    internal static partial nint NewBlob(nint free, byte* data, nuint length);

    [LibraryImport(Vips, EntryPoint = "vips_blob_get")]
    internal static partial byte* BlobData(nint blob, out nuint length);

    [LibraryImport(Vips, EntryPoint = "vips_area_unref")]
    internal static partial void UnrefArea(nint area);

    [LibraryImport(Vips, EntryPoint = "vips_image_new_from_memory")]
    internal static partial nint NewImage(byte* data, nuint size, int width, int height, int bands, int format);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_width")]
    internal static partial int Width(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_height")]
    internal static partial int Height(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_bands")]
    internal static partial int Bands(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_interpretation")]
    internal static partial int Interpretation(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_hasalpha")]
    internal static partial int HasAlpha(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_n_pages")]
    internal static partial int Pages(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_get_orientation")]
    internal static partial int Orientation(nint image);

    [LibraryImport(Vips, EntryPoint = "vips_image_write_to_memory")]
    internal static partial byte* WriteToMemory(nint image, out nuint size);

    [LibraryImport(GObject, EntryPoint = "g_object_unref")]
    internal static partial void Unref(nint instance);

    [LibraryImport(GObject, EntryPoint = "g_object_set_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void SetProperty(nint instance, string name, GValue* value);

    [LibraryImport(GObject, EntryPoint = "g_object_get_property", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial void ReadProperty(nint instance, string name, GValue* value);

    [LibraryImport(GObject, EntryPoint = "g_value_init")]
    internal static partial GValue* InitValue(GValue* value, nuint type);

    [LibraryImport(GObject, EntryPoint = "g_value_unset")]
    internal static partial void UnsetValue(GValue* value);

    [LibraryImport(GObject, EntryPoint = "g_value_set_object")]
    internal static partial void SetObject(GValue* value, nint instance);

    [LibraryImport(GObject, EntryPoint = "g_value_dup_object")]
    internal static partial nint DuplicateObject(GValue* value);

    [LibraryImport(GObject, EntryPoint = "g_value_set_boxed")]
    internal static partial void SetBoxed(GValue* value, nint boxed);

    [LibraryImport(GObject, EntryPoint = "g_value_dup_boxed")]
    internal static partial nint DuplicateBoxed(GValue* value);

    [LibraryImport(GLib, EntryPoint = "g_log_set_handler", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial uint SetLogHandler(string domain, int levels, delegate* unmanaged<byte*, int, byte*, nint, void> handler, nint data);

    [LibraryImport(GLib, EntryPoint = "g_free")]
    internal static partial void Free(void* memory);
}
