namespace Serverless.Media.Images;

/// <summary>One call of a libvips operation by name: arguments in, then one output. Used once.</summary>
internal sealed unsafe class VipsOperation : IDisposable
{
    private readonly string name;
    private nint handle;
    private nint blob;

    public VipsOperation(string name)
    {
        this.name = name;
        handle = VipsNative.NewOperation(name);
        if (handle == 0) throw new VipsException(Vips.TakeError());
    }

    public VipsOperation With(string argument, string value) =>
        VipsNative.SetArgument(handle, argument, value) == 0 ? this : throw new VipsException($"{name}.{argument}: {Vips.TakeError()}");

    public VipsOperation With(string argument, int value) => With(argument, value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public VipsOperation With(string argument, VipsImage image)
    {
        VipsNative.GValue value = default;
        VipsNative.InitValue(&value, VipsNative.ImageType());
        VipsNative.SetObject(&value, image.Handle);
        VipsNative.SetProperty(handle, argument, &value);
        VipsNative.UnsetValue(&value);
        return this;
    }

    /// <param name="data">Must stay pinned until the output has been rendered.</param>
    public VipsOperation With(string argument, byte* data, int length)
    {
        blob = VipsNative.NewBlob(0, data, (nuint)length);
        VipsNative.GValue value = default;
        VipsNative.InitValue(&value, VipsNative.BlobType());
        VipsNative.SetBoxed(&value, blob);
        VipsNative.SetProperty(handle, argument, &value);
        VipsNative.UnsetValue(&value);
        return this;
    }

    /// <summary>An operation from image to image.</summary>
    public static VipsImage Run(string operation, VipsImage input, params ReadOnlySpan<(string Name, string Value)> arguments)
    {
        using var run = new VipsOperation(operation);
        run.With("in", input);
        foreach ((string name, string value) in arguments) run.With(name, value);
        return run.ToImage();
    }

    public VipsImage ToImage()
    {
        Build();
        VipsNative.GValue value = default;
        VipsNative.InitValue(&value, VipsNative.ImageType());
        VipsNative.ReadProperty(handle, "out", &value);
        var image = new VipsImage(VipsNative.DuplicateObject(&value));
        VipsNative.UnsetValue(&value);
        VipsNative.UnrefOutputs(handle);
        return image;
    }

    public byte[] ToBytes()
    {
        Build();
        VipsNative.GValue value = default;
        VipsNative.InitValue(&value, VipsNative.BlobType());
        VipsNative.ReadProperty(handle, "buffer", &value);
        nint area = VipsNative.DuplicateBoxed(&value);
        VipsNative.UnsetValue(&value);
        try
        {
            byte* data = VipsNative.BlobData(area, out nuint length);
            return new ReadOnlySpan<byte>(data, (int)length).ToArray();
        }
        finally
        {
            VipsNative.UnrefArea(area);
            VipsNative.UnrefOutputs(handle);
        }
    }

    public void Dispose()
    {
        if (handle != 0) VipsNative.Unref(handle);
        if (blob != 0) VipsNative.UnrefArea(blob);
        handle = blob = 0;
    }

    private void Build()
    {
        nint built = VipsNative.Build(handle);
        if (built == 0)
        {
            string error = Vips.TakeError();
            VipsNative.UnrefOutputs(handle);
            throw new VipsException(error);
        }

        VipsNative.Unref(handle);
        handle = built;
    }
}
