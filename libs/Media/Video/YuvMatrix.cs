namespace Serverless.Media.Video;

/// <summary>How luma is weighted (ITU-R BT.601, BT.709, BT.2020 non-constant).</summary>
public enum YuvMatrix
{
    Bt601,
    Bt709,
    Bt2020,
}
