using System.Text;
using Serverless.Media;
using Xunit;

namespace Serverless.Unit.Media;

public sealed class MediaSnifferTests
{
    private static MediaVerdict Sniff(byte[] bytes) =>
        MediaSniffer.Sniff(bytes.AsSpan(0, Math.Min(bytes.Length, MediaSniffer.HeadBytes)), bytes.Length);

    private static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    [Theory]
    [InlineData("\u00FF\u00D8\u00FF\u00E0\0\u0010JFIF", "image/jpeg")]
    [InlineData("\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", "image/png")]
    [InlineData("GIF89a\u0001\0\u0001\0", "image/gif")]
    [InlineData("RIFF\u0010\0\0\0WEBPVP8 ", "image/webp")]
    [InlineData("II*\0\u0008\0\0\0", "image/tiff")]
    [InlineData("MM\0*\0\0\0\u0008", "image/tiff")]
    public void Accepts_ImagesBySignature(string head, string mediaType)
    {
        MediaVerdict verdict = Sniff(Latin1(head));

        Assert.Equal(new MediaVerdict(MediaKind.Image, mediaType, null), verdict);
    }

    [Theory]
    [InlineData("\0\0\0\u0014ftypisom\0\0\u0002\0isom", "video/mp4")]
    [InlineData("\0\0\0\u0018ftypXYZ1\0\0\0\0XYZ1mp42", "video/mp4")]
    [InlineData("\0\0\0\u0014ftypqt  \0\0\0\0qt  ", "video/quicktime")]
    [InlineData("\0\0\0\u0014ftyp3gp4\0\0\0\0isom", "video/3gpp")]
    [InlineData("\0\0\0\u0008wide\0\0\0\0mdat", "video/quicktime")]
    [InlineData("\u001aE\u00DF\u00A3\u009FB\u0086\u0081\u0001B\u0082\u0084webmB\u0087", "video/webm")]
    [InlineData("\u001aE\u00DF\u00A3\u009FB\u0086\u0081\u0001B\u0082\u0088matroskaB\u0087", "video/x-matroska")]
    public void Accepts_VideosByBrandAndDocumentType(string head, string mediaType)
    {
        MediaVerdict verdict = Sniff(Latin1(head));

        Assert.Equal(new MediaVerdict(MediaKind.Video, mediaType, null), verdict);
    }

    [Theory]
    [InlineData("Just a sentence.", "text/plain")]
    [InlineData("\u00EF\u00BB\u00BFA text with a mark.", "text/plain")]
    [InlineData("<!DOCTYPE html><html><body>x", "text/html")]
    [InlineData("  <!-- c --> <P>Hello", "text/html")]
    [InlineData("<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html xmlns='y'>", "text/html")]
    [InlineData("# Title\n\nText with a [link](http://example.org).", "text/markdown")]
    [InlineData("{\"text\":\"one\"}\n{\"text\":\"two\"}\n", "application/jsonl")]
    [InlineData("<3 is a heart, not a tag", "text/plain")]
    [InlineData("[1] is a footnote", "text/plain")]
    [InlineData("+/v8 is the start of base64, too", "text/plain")]
    [InlineData("P1\nis urgent", "text/plain")]
    [InlineData("The wide road", "text/plain")]
    [InlineData("The ftyp box", "text/plain")]
    [InlineData("[Reference](https://example.org/a) to **this**", "text/markdown")]
    [InlineData("[Playlist] of the day", "text/plain")]
    [InlineData("Concat: joins two texts", "text/plain")]
    [InlineData("WEBVTT is a format of subtitles", "text/plain")]
    [InlineData("#EXTM3U8 is no tag", "text/plain")]
    [InlineData("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nDear all,\n", "text/plain")]
    [InlineData("----- BEGIN OF THE STORY -----\nOnce", "text/plain")]
    [InlineData("{\"text\":\"one\",\"price\":NaN}\n{\"text\":\"two\"}\n", "application/jsonl")]
    [InlineData("{\"a\":[-Infinity, Infinity ,NaN]}", "application/jsonl")]
    [InlineData("{\"text\":\"cut\n{\"text\":\"two\"}\n{\"text\":\"three\"}", "application/jsonl")]
    [InlineData("{NaN}\n{of}\n{curly} braces", "text/plain")]
    [InlineData("# Notes\n\n- one\n- two", "text/markdown")]
    [InlineData("Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx = 1;\ny = 2;\n```\n", "text/markdown")]
    public void Accepts_TextAndItsMarkup(string head, string mediaType)
    {
        MediaVerdict verdict = Sniff(Latin1(head));

        Assert.Equal(new MediaVerdict(MediaKind.Text, mediaType, null), verdict);
    }

    [Theory]
    [InlineData("PK\u0003\u0004\u0014\0\0\0", "a ZIP archive")]
    [InlineData("%PDF-1.7\n", "a PDF document")]
    [InlineData("RIFF\u0010\0\0\0AVI LIST", "an AVI video")]
    [InlineData("RIFF\u0010\0\0\0WAVEfmt ", "WAVE audio")]
    [InlineData("\0\0\0\u0014ftypheic\0\0\0\0mif1", "a HEIF image")]
    [InlineData("\0\0\0\u0014ftypM4A \0\0\0\0M4A ", "MP4 audio")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG image")]
    [InlineData("<?xml version='1.0'?>\n<!-- c --><!DOCTYPE svg PUBLIC 'a' 'b'><svg/>", "an SVG image")]
    [InlineData("<?xml version='1.0'?><ns0:svg xmlns:ns0='x'/>", "an SVG image")]
    [InlineData("<?xml version='1.0'?><rss/>", "an XML document")]
    [InlineData("<?xml version='1.0'?><a>b</a>", "an XML document")]
    [InlineData("<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash'/>", "a DASH manifest")]
    [InlineData("#EXTM3U\n#EXT-X-VERSION:3\nhttp://10.0.0.1/a.ts", "an HLS or M3U playlist")]
    [InlineData("ffconcat version 1.0\nfile /etc/passwd", "an ffconcat script")]
    [InlineData("file '/etc/passwd'\nduration 5\n", "an ffconcat script")]
    [InlineData("file http://10.0.0.1/x.mp4\n", "an ffconcat script")]
    [InlineData("concat:/etc/passwd|/etc/hosts", "an ffmpeg concat: protocol line")]
    [InlineData("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ", "an OpenPGP message or key")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMII", "a PEM key or certificate")]
    [InlineData("[Reference]\r\nRef1=http://10.0.0.1/a.wmv", "an ASX playlist")]
    [InlineData("[playlist]\nFile1=http://10.0.0.1/a.mp3", "a PLS playlist")]
    [InlineData("{\n \"a\": NaN\n}", "a JSON document")]
    [InlineData("v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n", "an SDP session description")]
    [InlineData("[\n {\"a\": 1},\n {\"a\": 2}\n]", "a JSON document")]
    [InlineData("{\n \"a\": 1\n}", "a JSON document")]
    [InlineData("\u00FF\u00FE\0\0a\0\0\0", "text in UTF-32")]
    [InlineData("a\0\0\0b\0\0\0c\0\0\0", "text in UTF-32 without byte order mark")]
    [InlineData("a\0b\0c\0d\0e\0", "text in UTF-16 LE without byte order mark")]
    [InlineData("\0a\0b\0c\0d\0e", "text in UTF-16 BE without byte order mark")]
    [InlineData(
        "Un caf\u00E9 tr\u00E8s serr\u00E9, s'il vous pla\u00EEt.",
        "text that is neither UTF-8 nor marked as UTF-16 (byte 0xE9 at offset 6"
    )]
    [InlineData("We don\u0092t know", "text that is neither UTF-8 nor marked as UTF-16 (byte 0x92 at offset 6")]
    [InlineData("<!doctype html><meta charset='iso-8859-15'><p>K\u00F6ln", "text in iso-8859-15, as it declares (byte 0xF6 at offset 47")]
    [InlineData("<?xml version='1.0' encoding='koi8-r'?><html>\u00F6\u00F6", "text in koi8-r, as it declares")]
    [InlineData(
        "<!doctype html><meta charset='utf-8'><p>K\u00F6ln",
        "text that is neither UTF-8 nor marked as UTF-16 (byte 0xF6 at offset 41"
    )]
    [InlineData("\u0084\u0031\u0095\u0033\u00D6\u00D0", "text in GB18030")]
    [InlineData("\u001b$B$3$l$O\u001b(B", "text in ISO-2022-JP")]
    [InlineData("\u0001\0\u0002\0\u0003\0\u0004\0\u0005\0", "binary data of no known type (control byte 0x01 at offset 0)")]
    [InlineData("P6\n# by hand\n2 1\n255\n\u00B0\u00A1\u00B0\u00A1\u00B0\u00A1", "a Netpbm image")]
    [InlineData("P3\n1 1\n255\n0 0 0\n", "a Netpbm image")]
    [InlineData("some \u0001\u0002\u0003 bytes", "binary data of no known type (control byte 0x01 at offset 5)")]
    [InlineData(" \n\t ", "a text of white space only")]
    public void Rejects_EverythingElseByName(string head, string found)
    {
        MediaVerdict verdict = Sniff(Latin1(head));

        Assert.Null(verdict.Kind);
        Assert.StartsWith("Found " + found, verdict.Refusal);
        Assert.EndsWith(MediaVerdict.Allowed + ".", verdict.Refusal);
    }

    [Theory]
    [InlineData("gb18030", "这是一段很长的中文文本，没有任何标记。")]
    [InlineData("shift_jis", "これは長い日本語の文章で、印がありません。")]
    [InlineData("euc-jp", "これは長い日本語の文章で、印がありません。")]
    [InlineData("euc-kr", "이것은 표시가 없는 긴 한국어 글입니다.")]
    [InlineData("big5", "這是一段很長的中文文本，沒有任何標記。")]
    [InlineData("windows-1253", "Αυτό είναι ένα ελληνικό κείμενο.")]
    [InlineData("windows-1255", "זהו טקסט בעברית ללא סימון.")]
    [InlineData("windows-1256", "هذا نص عربي بدون علامة.")]
    [InlineData("koi8-r", "Это русский текст без метки.")]
    public void Rejects_ForeignText_WithoutGuessingItsEncoding(string encoding, string text)
    {
        byte[] bytes = CodePagesEncodingProvider.Instance.GetEncoding(encoding)!.GetBytes(string.Concat(Enumerable.Repeat(text, 500)));

        MediaVerdict verdict = Sniff(bytes);

        Assert.StartsWith(
            $"Found text that is neither UTF-8 nor marked as UTF-16 (byte 0x{bytes.First(b => b > 0x7F):X2} at offset "
                + $"{Array.FindIndex(bytes, b => b > 0x7F)} is not UTF-8); allowed are",
            verdict.Refusal
        );
    }

    [Theory]
    [InlineData(
        "#!/usr/bin/env python\n# Reads a table.\n\nimport csv\n\n# All rows\n\ndef rows(path):\n    return handlers[path](a, **b)\n"
    )]
    [InlineData("# Copyright\n\n\"\"\"Doc.\n\n- one\n- two\n\"\"\"\n\n__all__ = []\nx = 2**3\nif x == __name__:\n    y = f(**a)\n")]
    [InlineData("#!/bin/sh\n# Build\nset -e\n\n# Clean\n\nrm -r out\n\n# Make\n\nmake all\n")]
    [InlineData("# syntax=docker/dockerfile:1\n\n# Build\nFROM node:22\nWORKDIR /app\n\n# Install\n\nRUN npm ci\nCMD [\"node\"]\n")]
    [InlineData("# This is TOML\n\ntitle = \"x\"\n\n# Owner\n\n[owner]\nname = \"y\"\n\n## Servers\n\n[servers]\nip = 1\n")]
    [InlineData("# One setting\n\n# another\n\nkey: value\n")]
    public void Accepts_ProgramsAndSettings_AsPlainText(string source)
    {
        MediaVerdict verdict = Sniff(Utf8(source));

        Assert.Equal("text/plain", verdict.MediaType);
    }

    [Theory]
    [InlineData('\u2028')]
    [InlineData('\u0085')]
    [InlineData('\r')]
    public void Accepts_MarkdownWithOtherLineEnds(char end)
    {
        MediaVerdict verdict = Sniff(Utf8("# Title\n\nSome prose.\n\n## Part\nMore.".Replace('\n', end)));

        Assert.Equal("text/markdown", verdict.MediaType);
    }

    [Fact]
    public void Rejects_AnEmptyFile()
    {
        MediaVerdict verdict = MediaSniffer.Sniff([], 0);

        Assert.StartsWith("Found an empty file; allowed are", verdict.Refusal);
    }

    [Fact]
    public void Rejects_DamagedUtf8WithTheOffset()
    {
        byte[] bytes = [.. Utf8("日本語の文章。"), 0xE6, 0x97, (byte)'x'];

        MediaVerdict verdict = Sniff(bytes);

        Assert.Contains("text that is neither UTF-8 nor marked as UTF-16 (byte 0xE6 at offset 21", verdict.Refusal);
    }

    [Fact]
    public void Accepts_ACharacterCutByTheEndOfTheHead()
    {
        byte[] bytes = Utf8("a" + new string('é', MediaSniffer.HeadBytes));

        MediaVerdict verdict = Sniff(bytes);

        Assert.Equal(MediaKind.Text, verdict.Kind);
    }

    [Fact]
    public void Accepts_AFirstRecordLongerThanTheHead()
    {
        byte[] bytes = Utf8("{\"text\":\"" + new string('x', MediaSniffer.HeadBytes * 2) + "\"}\n{}");

        MediaVerdict verdict = Sniff(bytes);

        Assert.Equal("application/jsonl", verdict.MediaType);
    }

    [Fact]
    public void AnyBytes_AlwaysHaveAVerdict()
    {
        const int Seed = 20250101;
        var random = new Random(Seed);

        for (int round = 0; round < 3_000; round++)
        {
            byte[] bytes = new byte[random.Next(1, 600)];
            random.NextBytes(bytes);
            if (round % 3 == 1)
            {
                for (int i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = (byte)(0x20 + bytes[i] % 0x5F);
                }
            }
            if (round % 3 == 2)
            {
                for (int i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = "<!-[{#>\n &*abc"u8[bytes[i] % 14];
                }
            }

            MediaVerdict verdict = Sniff(bytes);

            Assert.True(verdict.Kind is null == verdict.Refusal is not null, $"seed {Seed}, round {round}");
        }
    }
}
